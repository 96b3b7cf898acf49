// Which elements stand on the screen or close to it. In: elements to watch. Out: an answer that costs no layout.

const near = new WeakSet<Element>();
const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) near.add(entry.target);
    else near.delete(entry.target);
  }
}, { rootMargin: '200px 0px' });

export function watchNear(element: Element): void {
  observer.observe(element);
}

export function isNear(element: Element): boolean {
  return near.has(element);
}
