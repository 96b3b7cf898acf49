// The same rules in ajv and cel-js, as far as they can say them: two-valued, on entries that lack nothing. What JSON Schema
// and CEL have no words for (days, ages) they get as functions, written as fast as the hand-written ones.
// Out: for each the set of `rule item` that does not pass.

import { Environment } from "@marcbachmann/cel-js";
import Ajv from "ajv";

const two = (text, at) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
const day = (text) => (two(text, 0) * 100 + two(text, 2)) * 10_000 + two(text, 5) * 100 + two(text, 8);
const leap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const birthday = (birth, years) => {
  const on = birth + years * 10_000;
  return birth % 10_000 === 229 && !leap(Math.floor(on / 10_000)) ? on - 1 : on;
};
const minor = (birth, on) => day(on) <= birthday(day(birth), 18);
const hour = (moment) => two(moment, 11);
const days = (from, to) => (Date.UTC(+to.slice(0, 4), +to.slice(5, 7) - 1, +to.slice(8, 10)) - Date.UTC(+from.slice(0, 4), +from.slice(5, 7) - 1, +from.slice(8, 10))) / 86_400_000;
const age = (birth, on) => {
  const [b, o] = [day(birth), day(on)];
  const years = Math.floor(o / 10_000) - Math.floor(b / 10_000);
  return years > 0 && o <= birthday(b, years) ? years - 1 : years;
};
const PHONE = "^(1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8})$";

export function ajv() {
  const validator = new Ajv({ allErrors: true, strict: false, schemas: [] });
  const keyword = (name, validate) => validator.addKeyword({ keyword: name, validate: (_, data) => validate(data), errors: false });
  keyword("isMinor", (guest) => minor(guest.birth_date, guest.checked_in_at));
  keyword("byDay", (guest) => hour(guest.checked_in_at) >= 6);
  keyword("inForce", (entry) => entry.licence_until >= entry.inspected_on);
  keyword("roomsWithin", (entry) => entry.rooms_occupied <= entry.rooms);
  keyword("recently", (entry) => days(entry.previous_on, entry.inspected_on) <= 184);
  keyword("trainedShare", (entry) => entry.trained <= entry.staff && entry.trained / entry.staff >= 0.5);
  keyword("surelyFar", (measure) => measure.value - (measure.tolerance ?? 0) >= 200);
  keyword("declared", (entry) => entry.guests.filter((guest) => minor(guest.birth_date, entry.inspected_on)).length <= entry.minors_declared);
  keyword("plausible", (entry) => entry.guests.every((guest) => age(guest.birth_date, entry.inspected_on) <= 110));
  const yes = { const: true };
  const all = (names, schema = yes) => ({ required: names, properties: Object.fromEntries(names.map((name) => [name, schema])) });
  const guests = (schema) => ({ properties: { guests: { items: schema } } });
  const ofMinors = (then, also = {}) => guests({ if: { isMinor: true, ...also }, then });
  const validate = validator.compile({
    type: "object",
    allOf: [
      { inForce: true },
      ofMinors(all(["id_checked", "registered"])),
      { properties: { cameras: { minimum: 4, maximum: 400 } } },
      { properties: { hotel_kind: { enum: ["hotel", "homestay", "hostel"] } } },
      { properties: { school_distance: { surelyFar: true } } },
      guests({ properties: { nights: { minimum: 1, maximum: 30 } } }),
      { roomsWithin: true },
      guests(all(["registered"])),
      { properties: { phone: { pattern: PHONE } } },
      { recently: true },
      ofMinors(all(["guardian_asked", "guardian_recorded"])),
      ofMinors(all(["relation_asked", "relation_recorded"]), all(["accompanied"])),
      guests({ required: ["room"] }),
      ofMinors({ byDay: true }),
      { ...all(["patrols"]), required: ["patrols", "patrol_log"] },
      { trainedShare: true },
      { declared: true },
      { if: { properties: { guests: { contains: all(["suspicious"]) } } }, then: all(["police_report"], { const: "immediate" }) },
      { properties: { equipment: { allOf: [{ contains: { const: "alarm" } }, { contains: { const: "first_aid" } }] } } },
      { plausible: true },
    ],
  });
  return {
    run: (entry) => validate(entry) || validate.errors.length,
    failing(entry) {
      validate(entry);
      return new Set((validate.errors ?? []).map((error) => Number(error.schemaPath.split("/")[2])));
    },
  };
}

export function cel() {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  environment.registerFunction("minor_on(dyn, dyn): bool", minor);
  environment.registerFunction("hour(dyn): double", hour);
  environment.registerFunction("days_between(dyn, dyn): double", days);
  environment.registerFunction("age_on(dyn, dyn): double", age);
  const is = (name) => `has(guest.${name}) && guest.${name} == true`;
  const isMinor = "minor_on(guest.birth_date, guest.checked_in_at)";
  const sources = [
    ["licence_until >= inspected_on"],
    [`!${isMinor} || (${is("id_checked")} && ${is("registered")})`, true],
    ["cameras >= 4.0 && cameras <= 400.0"],
    ['hotel_kind in ["hotel", "homestay", "hostel"]'],
    ["school_distance.value - school_distance.tolerance >= 200.0"],
    ["guest.nights >= 1.0 && guest.nights <= 30.0", true],
    ["rooms_occupied <= rooms"],
    ["guests.all(g, g.registered == true)"],
    [`phone.matches("${PHONE}")`],
    ["days_between(previous_on, inspected_on) <= 184.0"],
    [`!${isMinor} || (${is("guardian_asked")} && ${is("guardian_recorded")})`, true],
    [`!(guest.accompanied == true && ${isMinor}) || (${is("relation_asked")} && ${is("relation_recorded")})`, true],
    ["has(guest.room)", true],
    [`!${isMinor} || hour(guest.checked_in_at) >= 6.0`, true],
    ["patrols == true && has(entry.patrol_log)"],
    ["trained <= staff && trained / staff >= 0.5"],
    ["double(guests.filter(g, minor_on(g.birth_date, inspected_on)).size()) <= minors_declared"],
    ['!guests.exists(g, g.suspicious == true) || police_report == "immediate"'],
    ['"alarm" in equipment && "first_aid" in equipment'],
    ["age_on(guest.birth_date, inspected_on) <= 110.0", true],
  ];
  const rules = sources.map(([source, each]) => [environment.parse(source), each === true]);
  const judge = (entry, fail) => {
    const context = { ...entry, entry };
    for (let rule = 0; rule < rules.length; rule++) {
      const [evaluate, each] = rules[rule];
      if (!each) {
        if (!evaluate(context)) fail(rule);
        continue;
      }
      for (const guest of entry.guests) {
        context.guest = guest;
        if (!evaluate(context)) fail(rule);
      }
    }
  };
  return {
    run(entry) {
      let failed = 0;
      judge(entry, () => failed++);
      return failed;
    },
    failing(entry) {
      const found = new Set();
      judge(entry, (rule) => found.add(rule));
      return found;
    },
  };
}
