// Starts the form. In: the ruleset that rules.js loaded. Out: the page.

import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/el-button.css";
import "element-plus/theme-chalk/el-checkbox.css";
import "element-plus/theme-chalk/el-form.css";
import "element-plus/theme-chalk/el-form-item.css";
import "element-plus/theme-chalk/el-input.css";
import "element-plus/theme-chalk/el-radio.css";
import "element-plus/theme-chalk/el-radio-group.css";
import "./style.css";
import { createApp } from "vue";
import App from "./App.vue";
import { ruleset } from "./rules.js";

createApp(App).mount("#form");
document.querySelector("h1").textContent = document.title = ruleset.title.zh;
