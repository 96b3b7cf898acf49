import { defineConfig } from "vite";

export default defineConfig({
  esbuild: { jsx: "automatic" },
  build: { target: "es2022" },
  // The development server would move the package's script away from its WebAssembly file.
  optimizeDeps: { exclude: ["@weibao/rules"] },
});
