// Which view draws which type. A new type is one line here and one file beside it.

import type { Field, FieldType } from '../engine.ts';
import { areaView } from './area.ts';
import { attachmentView } from './attachment.ts';
import { booleanView } from './boolean.ts';
import { choicesView, choiceView } from './choice.ts';
import { listView } from './list.ts';
import { measureView } from './measure.ts';
import { pointView } from './point.ts';
import { groupView } from './record.ts';
import { referenceView } from './reference.ts';
import { dayView, numberView, textView } from './scalar.ts';
import type { Maker, Place, View } from './view.ts';

// Looked up when a field is drawn, not when this file is read: records and lists draw fields of their own.
const makers = (): Record<FieldType, Maker> => ({
  boolean: booleanView,
  integer: numberView,
  number: numberView,
  text: textView,
  choice: choiceView,
  choices: choicesView,
  date: dayView,
  datetime: dayView,
  measure: measureView,
  point: pointView,
  area: areaView,
  attachment: attachmentView,
  ref: referenceView,
  group: groupView,
  list: listView,
});
let known: Record<FieldType, Maker> | null = null;

export function viewOf(field: Field, place: Place): View {
  known ??= makers();
  return known[field.type](field, place);
}
