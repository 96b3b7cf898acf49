/* The portable module in C, without any WebAssembly runtime: wabt's wasm2c has made C of it, and that is linked in.
 *
 * In: parity folders (tests/js/parity/README.md). Out: how many reports were equal, byte for byte. `host COUNT FOLDER…`, COUNT submissions a
 * folder at most. The protocol is docs/hosts.md. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "wasm-rt-impl.h"

static Z_rules_instance_t rules;

typedef struct {
  const char *at;
  size_t length;
} bytes;

static void stop(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static u8 *memory(void) { return Z_rulesZ_memory(&rules)->data; }

/* A word of the module's memory; written so that it is right on any machine. */
static u32 word(u32 at) {
  const u8 *from = memory() + at;
  return (u32)from[0] | (u32)from[1] << 8 | (u32)from[2] << 16 | (u32)from[3] << 24;
}

/* Memory of the module with a copy of the bytes. */
static u32 give(bytes given) {
  u32 at = Z_rulesZ_rules_alloc(&rules, (u32)given.length);
  if (at == 0) stop("rules_alloc", "no memory");
  memcpy(memory() + at, given.at, given.length);
  return at;
}

/* The answer of the last call: in the module's memory, until the next call. */
static bytes answer(void) {
  u32 at = Z_rulesZ_rules_answer(&rules);
  return (bytes){(const char *)memory() + word(at), word(at + 4)};
}

/* A number that a call gave, or the end where it was refused. */
static u32 told(const char *what, u32 number) {
  bytes why = answer();
  if (number == 0 && why.length > 0) {
    fprintf(stderr, "%s: %.*s\n", what, (int)why.length, why.at);
    exit(1);
  }
  return number;
}

static bytes read_file(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (file == NULL) stop(path, "cannot be read");
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *at = malloc((size_t)size + 1);
  if (at == NULL || fread(at, 1, (size_t)size, file) != (size_t)size) stop(path, "cannot be read");
  fclose(file);
  return (bytes){at, (size_t)size};
}

/* The next line without its end. */
static int next(bytes *rest, bytes *line) {
  const char *end = rest->length == 0 ? NULL : memchr(rest->at, '\n', rest->length);
  if (end == NULL) return 0;
  *line = (bytes){rest->at, (size_t)(end - rest->at)};
  *rest = (bytes){end + 1, rest->length - line->length - 1};
  return 1;
}

static long compare(const char *folder, long most) {
  bytes bundle = read_file(folder, "bundle.rules.json"), options = read_file(folder, "options.json");
  bytes answers = read_file(folder, "answers.ndjson"), expected = read_file(folder, "expected.ndjson");
  u32 at = give(bundle);
  u32 ruleset = told("rules_load", Z_rulesZ_rules_load(&rules, at, (u32)bundle.length));
  Z_rulesZ_rules_free(&rules, at);
  at = give(options);
  u32 prepared = told("rules_prepare", Z_rulesZ_rules_prepare(&rules, ruleset, 0, at, (u32)options.length));
  Z_rulesZ_rules_free(&rules, at);
  bytes line, report, rest_answers = answers, rest_expected = expected;
  long compared = 0;
  while (compared < most && next(&rest_answers, &line) && next(&rest_expected, &report)) {
    at = give(line);
    told("rules_check", Z_rulesZ_rules_check(&rules, prepared, at, (u32)line.length));
    bytes got = answer();
    if (got.length != report.length || memcmp(got.at, report.at, got.length) != 0) {
      fprintf(stderr, "%s, line %ld: another report\nexpected %.*s\nactual   %.*s\n", folder, compared + 1, (int)report.length, report.at,
              (int)got.length, got.at);
      exit(1);
    }
    Z_rulesZ_rules_free(&rules, at);
    compared++;
  }
  told("rules_drop", Z_rulesZ_rules_drop(&rules, prepared));
  told("rules_drop", Z_rulesZ_rules_drop(&rules, ruleset));
  free((void *)bundle.at);
  free((void *)options.at);
  free((void *)answers.at);
  free((void *)expected.at);
  return compared;
}

int main(int count, char **words) {
  if (count < 3) stop("host", "COUNT FOLDER…");
  wasm_rt_init();
  Z_rules_init_module();
  Z_rules_instantiate(&rules);
  /* A trap ends the process here; a host that lives on would drop the instance. */
  wasm_rt_trap_t trap = wasm_rt_impl_try();
  if (trap != WASM_RT_TRAP_NONE) stop("trap", wasm_rt_strerror(trap));
  if (Z_rulesZ_rules_version(&rules) != 1) stop("rules_version", "another version of the protocol");
  long compared = 0;
  for (int i = 2; i < count; i++) compared += compare(words[i], atol(words[1]));
  printf("c: %ld reports equal\n", compared);
  Z_rules_free(&rules);
  return 0;
}
