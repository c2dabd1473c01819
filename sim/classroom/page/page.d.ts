/* The namespace that the page's scripts share: what each adds to it, and the data that they are answered. Checked by tsc; no browser reads it. */

/** Mean, low and high end of its 95 % interval. */
type Row = [number, number, number];
type Child = Node | string | null | undefined | false;
type Attributes = Record<string, any>;
type Settings = Record<string, number>;
type State = Record<string, any>;

interface Frontier {
  settings: Settings;
  months: number;
  levels: number[];
  meetings: number[];
  replicates: number;
  part: number;
  parts: number;
  strength: Row[];
  survival: Row[];
  loss: Row[];
  exposure: Row[];
  own: Record<string, Row>;
  axes: { strength: [number, number]; survival: [number, number] };
  best: { level: number; alike: number[]; ends: [Row, Row]; interior: boolean };
}

interface Story {
  control: number;
  intelligence: number;
  numbers: Record<"meetings" | "remote_contact" | "trace_keep" | "unseen" | "percolation", number>;
  emirs: { name: string; region: string; remoteness: number; strength: number }[];
}

interface Trail {
  struck: number;
  leader: boolean;
  others: number[];
}

interface EventEntry {
  index: number;
  kind: string;
  label: string;
  month: number;
  date: string;
  months: number;
}

interface Fact {
  month: number;
  until: number;
  text: string;
  source: string;
}

/** A history as sim.classroom.playback has it; d.prepare adds what comes last. */
interface History {
  name: string;
  title: string;
  start: string;
  months: number;
  organisations: any[];
  regions: { name: string; state: string; x: number; y: number; haven: number[] }[];
  sketch: boolean;
  edges: [number, number][];
  presence: any[];
  communities: { name: string; region: number }[];
  ties: any[];
  alliances: any[];
  lineage: { strength: number[]; cohesion: number[] };
  chronicle: { month: number; kind: string; text: string; causes: [string, number][] }[];
  record: Fact[];
  colours?: number[];
  rows?: number[];
  most?: { organisation: number; region: number };
}

interface PairOutcome {
  name: string;
  words: string;
  unit: string;
  before: number;
  difference: Row;
  more: number;
  less: number;
  more_words: string;
  less_words: string;
  least: number;
}

interface Weight {
  index: number;
  weight: number;
  outcome: string;
  more: boolean;
  told: boolean;
  changed: number;
}

interface IntervalPanel {
  name?: string;
  title: string;
  unit: string;
  rows: (number[] | null)[];
  least?: number;
  range?: [number, number];
  missing?: string;
}

/** A part of a history's view: drawn to a size, then shown at months. */
interface Panel {
  svg: any;
  note?: Child;
  /** Height that it needs at a width, of a panel that would have so much by itself. */
  need?(width: number, height: number): number;
  draw(width: number, height: number): void;
  show(month: number): void;
  summary(month: number): string;
}

interface Page {
  title: string;
  info: string;
  render(main: HTMLElement, state: State, contents: any): (() => void) | null | undefined;
}

interface Dilemma {
  pages: Record<string, Page>;
  render(): void;

  // core.js
  el(tag: string, attributes?: Attributes | null, ...children: (Child | Child[] | Child[][])[]): any;
  withTerm(words: string, term: string): Child[];
  paragraphs(text: string): HTMLElement[];
  place(): { page: string; state: State };
  address(page: string, state: State): string;
  remember(changes: State): void;
  numberOf<T>(text: any, low: number, high: number, otherwise: T): number | T;
  oneOf(options: [string, string][], wanted: string | undefined, otherwise: string): string;
  instead(...sentences: string[]): HTMLElement | null;
  otherScenario(contents: any, wanted: string | undefined, name: string, what: string): string;
  seldom(act: () => void): () => void;
  inFile(): boolean;
  key(name: string, question: object): string;
  ask(name: string, question: object): Promise<any>;
  stream(
    name: string,
    parts: number,
    show: (answer: any, question: any) => void,
    fail: (error: Error) => void,
  ): (question: object) => void;
  theme(): string | undefined;
  setTheme(name: string): void;
  startTheme(changed: () => void): void;
  startRoom(changed: () => void): void;
  colour(name: string): string;
  percent(x: number, digits?: number): string;
  short(x: number): string;
  signed(x: number): string;
  span(row: number[], say?: (x: number) => string): string;
  slider(
    id: string,
    given: any,
    say: (x: number) => string,
    changed: (x: number) => void,
  ): { box: HTMLElement; input: HTMLInputElement; set(next: number): void };
  choice(
    id: string,
    label: string,
    options: [string, string][],
    value: string,
    changed: (value: string) => void,
  ): { box: HTMLElement; select: HTMLSelectElement };
  numbersOf(head: string[], rows: (string | number)[][]): HTMLElement;

  // glossary.js
  words: Record<string, string>;
  term(shown: string, name?: string): HTMLElement;
  glossed(text: string): Child[];

  // drawing.js
  svg(tag: string, attributes?: Attributes | null, ...children: (Child | Child[])[]): any;
  colourOf(data: History, k: number): string;
  fills(data: History, step?: number): { defs: any; of(k: number): string };
  prepare(histories: History[]): void;
  at(entry: any, month: number, name: string): number;
  nameOf(organisation: any, month: number): string;
  allied(data: History, alliance: any, month: number): boolean;
  dateOf(start: string, month: number): string;
  letters(): number;
  textWidth(text: string, size?: number): number;
  slice(x: number, y: number, r: number, from: number, to: number): string;

  // chart.js
  scale(low: number, high: number, from: number, to: number): (value: number) => number;
  ticks(low: number, high: number, count: number): number[];
  pathOf(points: number[][]): string;
  label(x: number, y: number, text: string | number, size: number, more?: Attributes): any;
  figureLetters(): number;
  linesOf(text: string, width: number, size: number, bold?: boolean): string[];
  frame(box: HTMLElement, width: number, height: number, words: string, role?: "img" | "group"): any;
  csv(rows: (string | number)[][]): string;
  png(svg: any, name: string): Promise<void>;
  takeAway(box: HTMLElement, name: string, rows: () => (string | number)[][], source?: string): HTMLElement;
  takeAll(
    charts: { words: string; svg: () => any; name: string; rows: () => (string | number)[][] }[],
    source?: string,
  ): HTMLElement;

  // optimum.js
  placeOfControl(levels: number[], control: number): number;
  meetings(answer: Frontier, level: number): string;
  plainNumber(x: number): string;
  optimum(
    box: HTMLElement,
    moved: (level: number) => void,
  ): { draw(answer: Frontier, ghost: Frontier | null, chosen: number): void; redraw(): void };

  // intervals.js, overlay.js
  drawIntervals(
    box: HTMLElement,
    names: string[],
    panels: IntervalPanel[],
    options: { zero?: boolean; label: string; columns?: number },
  ): void;
  overlay(
    box: HTMLElement,
    before: History,
    after: History,
    first: number | null,
  ): { draw(): void; show(month: number): void };

  // The player: clock.js, record_lane.js, lanes.js, map.js, network.js, chronicle.js, view.js
  clock(
    container: HTMLElement,
    given: { months: number; start: string; month: number; speed: number; marks: { month: number; label: string }[] },
    onMonth: (month: number) => void,
  ): {
    play(): void;
    pause(): void;
    step(by: number): void;
    seek(next: number): void;
    readonly playing: boolean;
    readonly month: number;
    destroy(): void;
  };
  RECORD: string;
  recordHeight(data: History, room: any): number;
  newestFact(data: History, month: number): Fact | undefined;
  recordLane(data: History, room: any): { group: any; show(month: number): void };
  lanes(data: History, options: any): Panel;
  map(data: History): Panel;
  network(data: History): Panel;
  chronicle(data: History, options: any): { box: HTMLElement; show(month: number): void; summary(): string };
  view(container: HTMLElement, data: History, options: any): { show(month: number): void; destroy(): void };

  // numbers.js
  lanesRows(data: History): (string | number)[][];
  mapRows(data: History): (string | number)[][];
  networkRows(data: History): (string | number)[][];
  overlayRows(before: History, after: History): (string | number)[][];

  // contacts.js
  asked(numbers: Story["numbers"], meetings: number): number;
  leadsOn(story: Story, meetings: number): number;
  meetingsUnder(story: Story, control: number): number[];
  trail(story: Story, meetings: number[], struck: number, draw: () => number): Trail;
  dice(seed: number): () => number;
  contacts(
    box: HTMLElement,
    story: Story,
    meetings: number[],
    changed: (emir: number) => void,
  ): {
    draw(): void;
    putAll(values: number[]): void;
    showTrail(trail: Trail | null): void;
    showAway(list: number[]): void;
    rows(): (string | number)[][];
  };

  // Pages
  bestInWords(answer: Frontier): string;
  movedInWords(answer: Frontier, ghost: Frontier | null): string;
  yoursInWords(answer: Frontier, level: number): string;
  frontierRows(answer: Frontier): (string | number)[][];
  worldSliders(
    contents: any,
    state: State,
    moved: (settings: Settings) => void,
  ): { settings: Settings; sliders: { box: HTMLElement; input: HTMLInputElement; set(next: number): void }[] };
  scenarioOptions(contents: any, offered?: object): [string, string][];
  marksOf(scenario: { events: EventEntry[] }): { month: number; label: string }[];
  seedChoice(seed: number, offered: number[] | undefined, changed: (seed: number) => void): HTMLElement;
  pairsInWords(
    answer: { pairs: number; changed: number; outcomes: PairOutcome[] },
    label: string,
    what: string,
  ): string;
  weightInWords(event: Weight): string;
}

interface Window {
  dilemma: Dilemma;
  dilemmaAnswers?: Record<string, any>;
}
