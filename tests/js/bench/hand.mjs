// The twenty rules of tests/bench/inspection.yaml written by hand: the floor, what somebody who wants speed writes for one form.
// In: an inspection. Out: every verdict as [rule, item or -1, outcome], and of what failed or is open its fields. It knows three
// values as the engine does; a test holds it equal to the engine before anything is timed.

export const PASS = 1, FAIL = 2, OPEN = 3, NOT_APPLICABLE = 0;
/** Why something is open; the smallest wins. */
export const MISSING = 1, CONFLICT = 4, NO_EVIDENCE = 5, TOO_CLOSE = 6;

const leap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const two = (text, at) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
/** A day as the number yyyymmdd. */
const day = (text) => (typeof text === "string" && text !== "" ? (two(text, 0) * 100 + two(text, 2)) * 10_000 + two(text, 5) * 100 + two(text, 8) : undefined);
const birthday = (birth, years) => {
  const on = birth + years * 10_000;
  return birth % 10_000 === 229 && !leap(Math.floor(on / 10_000)) ? on - 1 : on;
};
const count = (n) => {
  let year = Math.floor(n / 10_000), month = Math.floor(n / 100) % 100;
  if (month > 2) month -= 3;
  else { year--; month += 9; }
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + Math.floor((153 * month + 2) / 5) + (n % 100);
};
/** true, false, or why it is open. */
const minor = (birth, on) => (birth === undefined || on === undefined ? MISSING : on < birth ? CONFLICT : on <= birthday(birth, 18));
const age = (birth, on) => {
  const years = Math.floor(on / 10_000) - Math.floor(birth / 10_000);
  return years > 0 && on <= birthday(birth, years) ? years - 1 : years;
};
const PHONE = /^(?:1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8})$/;
const absent = (value) => value === undefined || value === null || value === "";
const truth = (value) => (absent(value) ? MISSING : value);
const and = (a, b) => (a === false || b === false ? false : a === true ? b : b === true ? a : Math.min(a, b));

/** Judges an inspection. */
export function judge(entry) {
  const verdicts = [];
  const findings = [];
  const say = (rule, item, outcome, why, fields) => {
    verdicts.push([rule, item, outcome]);
    if (outcome > PASS) findings.push([rule, item, outcome, why, fields]);
  };
  const single = (rule, item, name, value, holds) => {
    if (absent(value)) say(rule, item, OPEN, MISSING, [name]);
    else if (holds) say(rule, item, PASS);
    else say(rule, item, FAIL, 0, [name]);
  };
  const compare = (rule, a, nameA, b, nameB, at, holds, why = 0) => {
    if (a === undefined || b === undefined) say(rule, -1, OPEN, MISSING, a === undefined ? (b === undefined ? [nameA, nameB] : [nameA]) : [nameB]);
    else if (why) say(rule, -1, OPEN, why, []);
    else if (holds) say(rule, -1, PASS);
    else say(rule, -1, FAIL, 0, [at]);
  };
  const value = (x) => (absent(x) ? undefined : x);
  const on = day(entry.inspected_on), until = day(entry.licence_until), previous = day(entry.previous_on);
  const guests = absent(entry.guests) ? undefined : entry.guests;
  const births = guests?.map((guest) => day(guest.birth_date));
  const minors = guests?.map((guest, i) => minor(births[i], day(guest.checked_in_at)));
  const each = (rule, one) => {
    if (guests === undefined) say(rule, -1, OPEN, MISSING, ["guests"]);
    else for (let i = 0; i < guests.length; i++) one(i, guests[i]);
  };
  const minorMissing = (guest, out) => {
    if (absent(guest.birth_date)) out.push("birth_date");
    if (absent(guest.checked_in_at)) out.push("checked_in_at");
  };
  const duties = (rule, first, second, company) =>
    each(rule, (i, guest) => {
      const with_ = company ? truth(guest.accompanied) : true;
      const applies = and(with_, minors[i]);
      const a = truth(guest[first]), b = truth(guest[second]);
      const done = and(a, b);
      if (applies === false) say(rule, i, NOT_APPLICABLE);
      else if (done === true) say(rule, i, PASS);
      else if (applies === true && done === false) say(rule, i, FAIL, 0, [first, second].filter((name) => guest[name] === false));
      else {
        const out = [];
        if (typeof with_ === "number") out.push("accompanied");
        if (applies !== true && typeof minors[i] === "number") minorMissing(guest, out);
        if (typeof done === "number") for (const name of [first, second]) if (absent(guest[name])) out.push(name);
        say(rule, i, OPEN, typeof applies === "number" && typeof done === "number" ? Math.min(applies, done) : typeof applies === "number" ? applies : done, out);
      }
    });

  compare(0, until, "licence_until", on, "inspected_on", "licence_until", until >= on);
  duties(1, "id_checked", "registered", false);
  single(2, -1, "cameras", entry.cameras, entry.cameras >= 4 && entry.cameras <= 400);
  single(3, -1, "hotel_kind", entry.hotel_kind, entry.hotel_kind === "hotel" || entry.hotel_kind === "homestay" || entry.hotel_kind === "hostel");
  const distance = value(entry.school_distance);
  const tolerance = distance?.tolerance ?? 0;
  if (absent(distance?.value)) say(4, -1, OPEN, MISSING, ["school_distance"]);
  else if (distance.value - tolerance >= 200) say(4, -1, PASS);
  else if (distance.value + tolerance < 200) say(4, -1, FAIL, 0, ["school_distance"]);
  else say(4, -1, OPEN, TOO_CLOSE, ["school_distance"]);
  each(5, (i, guest) => single(5, i, "nights", guest.nights, guest.nights >= 1 && guest.nights <= 30));
  const occupied = value(entry.rooms_occupied), rooms = value(entry.rooms);
  compare(6, occupied, "rooms_occupied", rooms, "rooms", "rooms_occupied", occupied <= rooms);
  if (guests === undefined) say(7, -1, OPEN, MISSING, ["guests"]);
  else if (guests.some((guest) => guest.registered === false)) say(7, -1, FAIL, 0, ["guests"]);
  else if (guests.some((guest) => absent(guest.registered))) say(7, -1, OPEN, MISSING, guests.flatMap((guest, i) => (absent(guest.registered) ? [`${i}/registered`] : [])));
  else say(7, -1, PASS);
  single(8, -1, "phone", entry.phone, !absent(entry.phone) && PHONE.test(entry.phone));
  compare(9, previous, "previous_on", on, "inspected_on", "previous_on", previous !== undefined && on !== undefined && count(on) - count(previous) <= 184);
  duties(10, "guardian_asked", "guardian_recorded", false);
  duties(11, "relation_asked", "relation_recorded", true);
  each(12, (i, guest) => (absent(guest.room) ? say(12, i, FAIL, 0, ["room"]) : say(12, i, PASS)));
  each(13, (i, guest) => {
    const hour = absent(guest.checked_in_at) ? undefined : two(guest.checked_in_at, 11);
    if (minors[i] === false) say(13, i, NOT_APPLICABLE);
    else if (hour >= 6) say(13, i, PASS);
    else if (minors[i] === true) say(13, i, FAIL, 0, ["checked_in_at"]);
    else {
      const out = [];
      minorMissing(guest, out);
      say(13, i, OPEN, hour === undefined ? MISSING : minors[i], out);
    }
  });
  if (absent(entry.patrols)) say(14, -1, OPEN, MISSING, ["patrols"]);
  else if (!entry.patrols) say(14, -1, FAIL, 0, ["patrols"]);
  else if (absent(entry.patrol_log)) say(14, -1, OPEN, NO_EVIDENCE, ["patrol_log"]);
  else say(14, -1, PASS);
  const trained = value(entry.trained), staff = value(entry.staff);
  compare(15, trained, "trained", staff, "staff", "trained", trained / staff >= 0.5, trained > staff ? CONFLICT : 0);
  counted(entry, guests, births, on, say);
  suspicion(entry, guests, say);
  single(18, -1, "equipment", entry.equipment, !absent(entry.equipment) && entry.equipment.includes("alarm") && entry.equipment.includes("first_aid"));
  each(19, (i, guest) => {
    if (births[i] === undefined || on === undefined) {
      const out = [];
      if (births[i] === undefined) out.push("birth_date");
      if (on === undefined) out.push("inspected_on");
      say(19, i, OPEN, MISSING, out);
    } else if (on < births[i]) say(19, i, OPEN, CONFLICT, []);
    else if (age(births[i], on) <= 110) say(19, i, PASS);
    else say(19, i, FAIL, 0, ["birth_date"]);
  });
  return { verdicts, findings };
}

function counted(entry, guests, births, on, say) {
  let low = 0, high = 0, why = guests === undefined ? MISSING : 99;
  for (let i = 0; i < (guests?.length ?? 0); i++) {
    const is = minor(births[i], on);
    if (is === true) { low++; high++; }
    else if (is !== false) { high++; why = Math.min(why, is); }
  }
  const declared = entry.minors_declared;
  if (!absent(declared) && guests !== undefined && high <= declared) say(16, -1, PASS);
  else if (!absent(declared) && guests !== undefined && low > declared) say(16, -1, FAIL, 0, ["minors_declared"]);
  else {
    const out = guests === undefined ? ["guests"] : [];
    let asked = on === undefined;
    guests?.forEach((_, i) => {
      if (births[i] === undefined) out.push(`${i}/birth_date`);
      if (asked) out.push("inspected_on");
      asked = false;
    });
    if (absent(declared)) out.push("minors_declared");
    say(16, -1, OPEN, absent(declared) ? MISSING : why, out);
  }
}

function suspicion(entry, guests, say) {
  let any = guests === undefined ? MISSING : false;
  for (const guest of guests ?? []) {
    if (guest.suspicious === true) any = true;
    else if (absent(guest.suspicious) && any === false) any = MISSING;
  }
  const told = absent(entry.police_report) ? undefined : entry.police_report === "immediate";
  if (any === false) return say(17, -1, NOT_APPLICABLE);
  if (told) return say(17, -1, PASS);
  if (any === true && told === false) return say(17, -1, FAIL, 0, ["police_report"]);
  const out = [];
  if (any === MISSING) {
    if (guests === undefined) out.push("guests");
    guests?.forEach((guest, i) => absent(guest.suspicious) && out.push(`${i}/suspicious`));
  }
  if (told === undefined) out.push("police_report");
  return say(17, -1, OPEN, MISSING, out);
}
