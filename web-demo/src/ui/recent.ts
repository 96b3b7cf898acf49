// What was used last, so that it comes first: topics and the place. In: ids and codes. Out: the same, latest first. Nothing of an
// inspection is kept here, and nothing of a person.

const KEY = 'weibao-recent';
const MOST = 6;

interface Recent {
  readonly topics: readonly string[];
  readonly place: string | null;
}

export function recent(): Recent {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { topics?: unknown; place?: unknown };
    return {
      topics: Array.isArray(read.topics) ? read.topics.filter((one): one is string => typeof one === 'string') : [],
      place: typeof read.place === 'string' && /^\d{6}$/.test(read.place) ? read.place : null,
    };
  } catch {
    return { topics: [], place: null }; // storage switched off, or written by something else
  }
}

function keep(next: Recent): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Then the usual order holds.
  }
}

export function usedTopic(id: string): void {
  const { topics, place } = recent();
  keep({ topics: [id, ...topics.filter((one) => one !== id)].slice(0, MOST), place });
}

export function usedPlace(place: string | null): void {
  keep({ topics: recent().topics, place });
}
