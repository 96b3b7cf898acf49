// Starts the form. In: the ruleset that rules.js loaded. Out: the page.

// The whole of Vant's styles, `vant/lib/index.css`, asks at.alicdn.com for the font of its icons.
import "vant/es/style/base.css";
import "vant/es/button/index.css";
import "vant/es/cell/index.css";
import "vant/es/field/index.css";
import "./style.css";
import { createApp } from "vue";
import App from "./App.vue";
import { ruleset } from "./rules.js";

createApp(App).mount("#form");
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
