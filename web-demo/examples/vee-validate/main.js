// Starts the form. In: the ruleset that rules.js loaded. Out: the page.

import { createApp } from "vue";
import App from "./App.vue";
import { ruleset } from "./rules.js";

createApp(App).mount("#form");
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
