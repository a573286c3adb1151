// What fits the types, and what does not: TypeScript's compiler is asked.
import type { Deal, DealPatch, NewDeal, ValueRow } from "./everything";
import type {
  Alternatives, Anything, Counts, Defaults, Either, Empty, Lists, Matrix, Node, Nullables, One, Open,
  Optionals, Payment, Status, Typed, Word,
} from "./shapes";

export const node: Node = { name: "a", children: [{ name: "b", children: [], next: null }] };
// @ts-expect-error a key is missing
export const childless: Node = { name: "a" };
// @ts-expect-error a closed object has no other key
export const odd: Node = { name: "a", children: [], more: 1 };

export const optionals: Optionals = { "a key": "x", nested: { allowed: true }, either: 1, version: 1 };
export const none: Optionals = {};
// @ts-expect-error a literal is that number
export const second: Optionals = { version: 2 };
export const nothing: Nullables = {
  flag: null, name: null, normal: null, status: null, list: [null], map: { a: null },
  nested: { amount: null }, day: null,
};
// @ts-expect-error a key that may hold null must be there
export const missing: Nullables = { flag: null };

export const open: Open = { name: "a", anything: { at: ["all"] } };
export const typed: Typed = { name: "a", count: 1 };
// @ts-expect-error other keys hold numbers
export const untyped: Typed = { name: "a", count: true };
export const empty: Empty = {};
// @ts-expect-error there is no key
export const filled: Empty = { a: 1 };
// @ts-expect-error a number is no object
export const number: Empty = 1;
export const counts: Counts = { a: 1 };
// @ts-expect-error values are numbers
export const uncounted: Counts = { a: "1" };
export const matrix: Matrix = [[1], []];
// @ts-expect-error rows are arrays
export const flat: Matrix = [1];
export const lists: Lists = { ratings: [], days: [], names: { a: ["b"] }, keys: [null], objects: [{ id: 1 }] };
export const defaults: Defaults = { size: 1, words: "a" };

export const card: Payment = { kind: "card", last4: "1234" };
export const cash: Payment = { kind: "cash" };
export const iban: Payment = { kind: "iban", iban: "DE", note: 1 };
export const sized: Payment = { kind: "typed", size: 1, sizes: { a: 1 } };
// @ts-expect-error a card has its digits
export const bare: Payment = { kind: "card" };
// @ts-expect-error there is no such kind
export const cheque: Payment = { kind: "cheque" };
export function last(payment: Payment): string {
  return payment.kind === "card" ? payment.last4 : payment.kind;
}

export const one: One = 1;
export const word: Word = "it's";
export const status: Status = "größe";
// @ts-expect-error no label
export const unknown: Status = "grosse";
export const either: Either[] = [1, "a", true];
export const alternatives: Alternatives[] = [{ a: 1 }, { a: "b", b: null }, ["c"], null];
export const anything: Anything = Symbol();

export function row(deal: Deal, value: ValueRow): DealPatch {
  const mood: "calm" | "in-a-hurry" | "2nd thoughts" = deal.mood;
  const tags: string[] | null = value.tags;
  // @ts-expect-error a row has its key
  const { id: _, ...rest }: { id: string } = deal;
  // @ts-expect-error what is generated is not given
  const fresh: NewDeal = { ...deal, id: 1 };
  return { mood, seeker_email: tags?.join() ?? rest.toString() + fresh.from, stage: "touring" };
}
