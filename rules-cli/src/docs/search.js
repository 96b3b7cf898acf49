// Finds clauses in all documents of the book by any of their words. What is typed is cut where digits and letters meet Chinese and at
// blanks; every piece has to be there. Full-width and Chinese numerals count as plain ones (第三十一项 is 第31项), 条 and 项 as the same.
// Where nothing has every piece, the clauses that share most pairs of characters are offered.
(() => {
  const form = document.querySelector("form.search");
  const clauses = window.clauses;
  if (!form || !clauses) return;
  form.hidden = false;
  const input = form.querySelector("input");
  const list = form.querySelector("ol");

  const DIGITS = "零一二三四五六七八九";
  const numeral = (text) => {
    let total = 0;
    let digit = 0;
    for (const sign of text) {
      if (sign === "百") { total += (digit || 1) * 100; digit = 0; }
      else if (sign === "十") { total += (digit || 1) * 10; digit = 0; }
      else digit = DIGITS.indexOf(sign === "两" ? "二" : sign === "〇" ? "零" : sign);
    }
    return total + digit;
  };
  // 一、二 as headings and 一般, 一次 are words; a numeral is one that 第, 百, 十 or a unit shows to be one.
  const plain = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/第([零一二三四五六七八九十百]+)(?=[条项款])/g, (_, number) => `第${numeral(number)}`)
    .replace(/[零〇一二两三四五六七八九]*[十百][零〇一二三四五六七八九十百]*(?=[米日天名个条项%])/g, (number) => String(numeral(number)))
    .replace(/(第\d+)条/g, "$1项");
  const rows = clauses.map(([page, anchor, place, quote, more]) => ({
    href: `${page}#${anchor}`, place, quote, raw: place.normalize("NFKC").toLowerCase(), at: plain(place), words: plain(quote), all: plain(`${place} ${quote} ${more}`),
  }));
  const typed = () => input.value.normalize("NFKC").toLowerCase().trim();
  const pieces = (text) => {
    const found = [];
    for (const word of plain(text).split(/\s+/)) {
      // 林西第31项: a place and a number; 负面清单第5条 likewise.
      const cut = word.match(/^(.+?)(第\d+项)$/);
      found.push(...(cut ? [cut[1], cut[2]] : [word]));
    }
    return found.filter(Boolean);
  };
  const pairs = (text) => new Set([...text].slice(1).map((sign, at) => [...text][at] + sign));
  const rank = (row, wanted) => {
    // 第31项 as it was typed stands before an article that is numbered so in another way.
    let score = row.raw.includes(typed()) ? 50 : 0;
    for (const piece of wanted) {
      if (!row.all.includes(piece)) return -1;
      const number = piece.match(/^第?(\d+)项?$/);
      if (number && new RegExp(`第${number[1]}项`).test(row.at)) score += 100;
      else if (row.at.includes(piece)) score += 20;
      if (row.words.includes(piece)) score += 10;
    }
    return score;
  };
  const near = (row, wanted) => {
    const asked = pairs(wanted.join(""));
    let shared = 0;
    for (const pair of asked) if (row.all.includes(pair)) shared += row.words.includes(pair) ? 2 : 1;
    return asked.size > 0 && shared >= asked.size * 0.6 ? shared : -1;
  };
  const ordered = (score) => rows
    .map((row, order) => ({ row, order, score: score(row) }))
    .filter((one) => one.score >= 0)
    .sort((a, b) => b.score - a.score || a.order - b.order);
  const line = (text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  };
  const show = () => {
    const wanted = pieces(input.value);
    let found = wanted.length === 0 ? [] : ordered((row) => rank(row, wanted));
    const exact = found.length > 0;
    if (wanted.length > 0 && !exact) found = ordered((row) => near(row, wanted));
    const items = found.slice(0, 30).map(({ row }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = row.href;
      link.textContent = row.place;
      const quote = document.createElement("span");
      quote.textContent = ` ${row.quote.length > 90 ? `${row.quote.slice(0, 90)}…` : row.quote}`;
      item.append(link, quote);
      return item;
    });
    if (wanted.length > 0 && found.length === 0) items.push(line("没有找到，请换一个词 Nothing found, try another word"));
    if (found.length > 0 && !exact) items.unshift(line("没有完全相符的，以下相近 Nothing matches exactly; these are close"));
    if (found.length > 30) items.push(line(`还有 ${found.length - 30} 条，请再加一个词 ${found.length - 30} more: add a word`));
    list.replaceChildren(...items);
  };
  const leave = () => {
    list.replaceChildren();
    input.blur();
  };
  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  list.addEventListener("click", (event) => {
    if (event.target.closest("a")) setTimeout(leave);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (!first) return;
    location.href = first.href;
    leave();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  // On paper the statutes stand with the clause; what was closed closes again.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.law:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
})();
