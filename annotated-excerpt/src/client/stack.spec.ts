import { expect, test } from "vitest";
import { stack } from "./stack.js";

const box = (wanted: number, height: number): { wanted: number; height: number } => ({
  wanted,
  height,
});

test("boxes that do not touch stay where they want to be", () => {
  expect(stack([box(0, 20), box(100, 20)], 10, 200)).toEqual([0, 100]);
});

test("a box that would overlap goes below the one before it", () => {
  expect(stack([box(0, 50), box(24, 50), box(48, 20)], 10, 400)).toEqual([0, 60, 120]);
});

test("boxes at the end are pushed up into the room, as far as there is room", () => {
  expect(stack([box(0, 20), box(150, 60), box(180, 60)], 10, 200)).toEqual([0, 70, 140]);
});

test("boxes that do not fit begin at 0 and reach beyond the room", () => {
  expect(stack([box(10, 60), box(20, 60)], 10, 100)).toEqual([0, 70]);
});
