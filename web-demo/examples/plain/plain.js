// The whole script of this page: rules are loaded, the form is bound. In: the form of index.html. Out: what would be sent to the host's own server.
// Without a bundler: the package's `dist` and `wasm` lie side by side under ../weibao.

import { load } from "../weibao/dist/index.js";
import { bind } from "../weibao/dist/bind.js";
import { today } from "../weibao/dist/typed.js";

const form = document.querySelector("#hotel");
const sent = document.querySelector("#sent");

// `?place=000000&day=2026-03-02` asks of that place and day.
const { place = "150424", day = today(new Date()) } = Object.fromEntries(new URLSearchParams(location.search));

try {
  const ruleset = await load("/v1/bundles/hotel");
  const binding = bind(form, ruleset, {
    asOf: day,
    jurisdiction: place,
    onSubmit(answers, report) {
      // Here a host sends both; its server checks the answers again and compares the digest.
      sent.textContent = `可以提交：${report.digest}`;
      sent.focus();
    },
  });
  // For whoever looks at this page in the console.
  globalThis.binding = binding;
  form.dataset.ready = "";
} catch (error) {
  sent.textContent = `规则没有加载成功（${error.code ?? error}）；表单照样能填，服务器会判。`;
}
