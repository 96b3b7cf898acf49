// Finds clauses in all documents of the book by any of their words: what is typed is cut at blanks, and every piece has to be there.
// Full-width digits and letters count as plain ones; "31" finds item 31 before a clause that only mentions the number.
(() => {
  const form = document.querySelector("form.search");
  const clauses = window.clauses;
  if (!form || !clauses) return;
  form.hidden = false;
  const input = form.querySelector("input");
  const list = form.querySelector("ol");
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const rows = clauses.map(([page, anchor, place, quote, more]) => ({
    href: `${page}#${anchor}`, place, quote, at: plain(place), all: plain(`${place} ${quote} ${more}`),
  }));
  const rank = (row, pieces) => {
    let score = 0;
    for (const piece of pieces) {
      if (!row.all.includes(piece)) return -1;
      if (/^\d+$/.test(piece)) {
        if (new RegExp(`第${piece}[项条]`).test(row.at)) score += 100;
      } else if (row.at.includes(piece)) score += 20;
      if (plain(row.quote).includes(piece)) score += 10;
    }
    return score;
  };
  const show = () => {
    const pieces = plain(input.value).split(/\s+/).filter(Boolean);
    const found = pieces.length === 0 ? [] : rows
      .map((row, order) => ({ row, order, score: rank(row, pieces) }))
      .filter((one) => one.score >= 0)
      .sort((a, b) => b.score - a.score || a.order - b.order);
    const items = found.slice(0, 30).map(({ row }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = row.href;
      link.textContent = row.place;
      const quote = document.createElement("span");
      quote.textContent = ` ${row.quote}`;
      item.append(link, quote);
      return item;
    });
    if (pieces.length > 0 && found.length === 0) {
      const none = document.createElement("li");
      none.textContent = "没有找到 Nothing found";
      items.push(none);
    }
    if (found.length > 30) {
      const more = document.createElement("li");
      more.textContent = `还有 ${found.length - 30} 条，请再加一个词 ${found.length - 30} more: add a word`;
      items.push(more);
    }
    list.replaceChildren(...items);
  };
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) location.href = first.href;
  });
  show();
})();
