// What people type, and what it becomes: readers of numbers, days, measures and identity numbers. `null` means: cannot be read; `typedAnswer` then gives
// the text itself, and the engine names the problem.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  identityNumber,
  plainNumber,
  shortDateTime,
  today,
  typedAnswer,
  typedDate,
  typedDateTime,
  typedInteger,
  typedMeasure,
  typedNumber,
  typedText,
  writtenAnswer,
} from "@weibao/rules/typed";

function each(read, cases) {
  for (const [typed, value] of cases) {
    assert.deepEqual(read(typed), value, JSON.stringify(typed));
  }
}

test("numbers", () => {
  each(typedNumber, [
    ["195", 195], ["１９５．５", 195.5], [" 1 234 ", 1234], ["1,234,567.5", 1234567.5], ["1，234", 1234], ["−3.5", -3.5], ["+2", 2], [".5", 0.5], ["5.", 5], ["-0", 0],
    ["１９５。５", 195.5], ["12,34", null], ["1e3", null], ["0x10", null], ["一百", null], ["", null], ["-", null], [".", null], ["1.2.3", null], ["195m", null], ["∞", null], ["NaN", null],
  ]);
  each((typed) => typedNumber(typed, "m"), [["195米", 195], ["195 m", 195], ["195M", 195], ["１９５ｍ", 195], ["195 公里", null], ["195 km", null], ["米", null]]);
  each((typed) => typedNumber(typed, "day"), [["60天", 60], ["60 日", 60], ["60 days", 60]]);
  each(typedInteger, [["12", 12], ["１２", 12], ["12.0", 12], ["12.5", null], ["9007199254740991", 9007199254740991], ["9007199254740993", null]]);
});

test("days", () => {
  each(typedDate, [
    ["2026-03-01", "2026-03-01"], ["2026年3月1日", "2026-03-01"], ["2026年3月1号", "2026-03-01"], ["２０２６年３月１日", "2026-03-01"], [" 2026 年 3 月 1 日 ", "2026-03-01"],
    ["2026.3.1", "2026-03-01"], ["2026/3/1", "2026-03-01"], ["2026－3－1", "2026-03-01"], ["20260301", "2026-03-01"], ["2024-02-29", "2024-02-29"],
    ["2026-02-29", null], ["2026-13-01", null], ["2026-00-10", null], ["2026-3/1", null], ["26-03-01", null], ["3月1日", null], ["明天", null], ["2026-03-01T00:00", null], ["0000-01-01", null], ["2100-02-29", null], ["2000-02-29", "2000-02-29"],
  ]);
  each(typedDateTime, [
    ["2026-03-01 09:30", "2026-03-01T09:30:00+08:00"], ["2026年3月1日9点30分", "2026-03-01T09:30:00+08:00"], ["2026年3月1日 下午3点", "2026-03-01T15:00:00+08:00"], ["2026年3月1日晚上9点半", "2026-03-01T21:30:00+08:00"],
    ["2026-03-01T09:30", "2026-03-01T09:30:00+08:00"], ["２０２６－０３－０１　０９：３０", "2026-03-01T09:30:00+08:00"], ["20260301 9:30", "2026-03-01T09:30:00+08:00"],
    ["2026-03-01T09:30:00+08:00", "2026-03-01T09:30:00+08:00"], ["2026-03-01T01:30:00Z", "2026-03-01T01:30:00Z"],
    ["2026-03-01", null], ["2026-03-01 25:00", null], ["2026-03-01 9:60", null], ["2026-02-30 9:00", null], ["9:30", null], ["", null],
  ]);
  each(shortDateTime, [["2026-03-01T09:30:00+08:00", "2026-03-01 09:30"], ["2026-03-01T09:30:05+08:00", "2026-03-01T09:30:05+08:00"], ["2026-03-01T01:30:00Z", "2026-03-01T01:30:00Z"]]);
  assert.equal(today(new Date("2026-03-01T15:59:59Z")), "2026-03-01");
  assert.equal(today(new Date("2026-03-01T16:00:00Z")), "2026-03-02");
});

test("identity numbers and codes", () => {
  each(identityNumber, [["11010519491231002x", "11010519491231002X"], ["１１０１０５ 19491231 002Ｘ", "11010519491231002X"], ["110105-19491231-0021", "110105194912310021"], ["130503670401001", "130503670401001"], ["1101051949", null], ["x", null]]);
  assert.equal(typedText("Ａ－０７", true), "A-07");
  assert.equal(typedText("  张三说：“ＯＫ”  ", false), "  张三说：“ＯＫ”  ");
});

test("measures", () => {
  each((typed) => typedMeasure(typed, "m"), [
    ["195", { value: 195 }], ["195米", { value: 195 }], ["195 ± 12 m", { value: 195, tolerance: 12 }], ["195+/-12", { value: 195, tolerance: 12 }],
    ["-3", { value: -3 }], ["±3", null], ["1±2±3", null], ["195±x", null],
  ]);
});

test("answers of fields", () => {
  const read = (type, text, more = {}, part = undefined) => typedAnswer({ type, ...more }, text, part);
  assert.equal(read("integer", "  "), undefined);
  assert.equal(read("integer", "１８岁", { unit: "year" }), 18);
  assert.equal(read("integer", "十八"), "十八", "what cannot be read goes to the engine");
  assert.equal(read("boolean", "是"), true);
  assert.equal(read("boolean", "No"), false);
  assert.equal(read("boolean", "maybe"), "maybe");
  assert.equal(read("date", "2026年3月1日"), "2026-03-01");
  assert.equal(read("date", "2026-02-30"), "2026-02-30");
  assert.equal(read("datetime", "2026-03-01T21:40"), "2026-03-01T21:40:00+08:00");
  assert.equal(read("text", " 11010519491231002ｘ"), "11010519491231002X");
  assert.deepEqual(read("choices", "a、b"), ["a", "b"]);
  assert.equal(read("point", "106.5", {}, "lng"), 106.5);
  assert.equal(read("point", "wgs84", {}, "crs"), "wgs84");
  assert.deepEqual(read("area", '{"type":"Polygon"}'), { type: "Polygon" });
  assert.equal(read("area", "{"), "{");
  assert.equal(read("choice", " hotel "), "hotel");
});

test("values as they are written", () => {
  assert.equal(writtenAnswer({ type: "number" }, 1e21), "1000000000000000000000");
  assert.equal(plainNumber(1e-7), "0.0000001");
  assert.equal(writtenAnswer({ type: "datetime" }, "2026-03-01T21:40:00+08:00"), "2026-03-01 21:40");
  assert.equal(writtenAnswer({ type: "measure" }, { value: 195, tolerance: 12 }), "195 ± 12");
  assert.equal(writtenAnswer({ type: "text" }, null), "");
});
