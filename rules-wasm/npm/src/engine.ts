// The wasm instance: fetched once, made anew after a trap. In: where the module is. Out: calls, and views on its memory.
//
// A trap leaves an instance in a state that nobody knows, so it is dropped with everything that lived in it. What lives outside
// (a bundle's text, a session's edits) is enough to begin again; holders compare `generation` and do so on their next call.

import { failure, RulesError } from "./errors.js";
import type { Address, Glue, Room } from "./glue.js";
import { type Started, type WasmSource, instantiate, isTooNew } from "./instantiate.js";
import type { Codec } from "./text.js";

/** What differs between a browser and Node.js. */
export interface Platform {
  /** The module beside the package's scripts. */
  wasm(): URL;
  /** Fetches it; bytes where the host has no network for it. */
  fetch(url: string | URL | Request, how?: RequestInit): Promise<Response | BufferSource>;
  /** Text to bytes and back. */
  readonly codec: Codec;
  /** Makes an instance, where that is not done as everywhere. */
  readonly instantiate?: (platform: Platform, source: WasmSource, imports: WebAssembly.Imports, integrity?: string) => Promise<Started>;
  /** What to do where the module is too new for the engine. */
  readonly portable?: (() => Promise<Fallback>) | undefined;
}

/** Another module and how it is reached. */
export interface Fallback {
  readonly glue: () => Glue;
  readonly platform: Platform;
}

interface Memory {
  readonly memory: WebAssembly.Memory;
}

/** One wasm module and its living instance. */
export class Engine {
  /** Grows whenever the instance is replaced. */
  generation = 0;
  private glue: Glue | undefined;
  private exports: Memory | undefined;
  private started: Started | undefined;
  private codec: Codec | undefined;
  private starting: Promise<void> | undefined;
  private integrity: string | undefined;
  private bytesOfMemory = new Uint8Array(0);
  private dataOfMemory = new DataView(new ArrayBuffer(0));
  private wordsOfMemory = new Uint32Array(0);
  private bytesOfRoom: Room | undefined;
  private roomAt: Address = 0;
  private roomSize = 0;

  constructor(private factory: () => Glue) {}

  /** Loads the module unless that is done or under way. */
  start(platform: Platform, source?: WasmSource, integrity?: string): Promise<void> {
    if (this.starting === undefined) {
      this.integrity = integrity;
      this.starting = this.load(platform, source).catch((error: unknown) => {
        this.starting = undefined;
        throw error;
      });
    } else if (integrity !== undefined && integrity !== this.integrity) {
      // It runs already, and nobody compared its bytes with these.
      return Promise.reject(new RulesError("bad_option", "/integrity/wasm", "the engine was loaded without this: give it to the first call"));
    }
    return this.starting;
  }

  private async load(platform: Platform, source: WasmSource | undefined): Promise<void> {
    const glue = this.factory();
    try {
      this.started = await (platform.instantiate ?? instantiate)(platform, source ?? platform.wasm(), glue.imports(), this.integrity);
    } catch (error) {
      if (platform.portable === undefined || !isTooNew(error)) {
        throw error;
      }
      const other = await platform.portable();
      this.factory = other.glue;
      return this.load(other.platform, undefined);
    }
    this.codec = platform.codec;
    this.run(() => this.adopt(glue, this.started!.instance));
  }

  /** The compiled module, for a worker that takes the place of one that was ended. */
  get compiled(): WebAssembly.Module | undefined {
    return this.started?.module;
  }

  private adopt(glue: Glue, instance: WebAssembly.Instance): void {
    this.exports = glue.start(instance, this.started!.module);
    this.glue = glue;
    this.bytesOfRoom = new glue.Room();
    this.roomSize = 0;
    this.generation++;
  }

  /** Replaces the instance. What lived in it is gone. */
  private renew(): void {
    this.glue?.drop();
    this.glue = undefined;
    this.generation++;
    const glue = this.factory();
    const instance = this.started!.again(glue.imports());
    if ("then" in instance) {
      void instance.then((ready) => this.adopt(glue, ready));
    } else {
      this.adopt(glue, instance);
    }
  }

  /** The living instance's functions. */
  get api(): Glue {
    if (this.glue === undefined) {
      throw new RulesError("engine_trap", "", "the new instance is not ready yet; try again");
    }
    return this.glue;
  }

  /** Runs a call into the engine; what it throws becomes a `RulesError`. */
  run<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** What a throw from inside means. */
  failed(error: unknown): unknown {
    const told = failure(error);
    if (told !== undefined) {
      return told;
    }
    // A trap, or the host's stack at its end: the latter unwinds no Rust frames either.
    this.renew();
    return new RulesError("engine_trap", "", String(error), error);
  }

  /** Bytes of the memory; a fresh view if it has grown. */
  get bytes(): Uint8Array {
    if (this.bytesOfMemory.buffer !== this.exports!.memory.buffer) {
      const { buffer } = this.exports!.memory;
      this.bytesOfMemory = new Uint8Array(buffer);
      this.dataOfMemory = new DataView(buffer);
      this.wordsOfMemory = new Uint32Array(buffer);
    }
    return this.bytesOfMemory;
  }

  /** The same memory for numbers at any address. Valid after `bytes`. */
  get data(): DataView {
    return this.dataOfMemory;
  }

  /** A copy of words whose first says how many they are. A plain array: short typed ones are slow to make. */
  words(at: Address): readonly number[] {
    const start = at >>> 2;
    const words = this.bytes && this.wordsOfMemory;
    const copy: number[] = [];
    for (let i = start, end = start + words[start]!; i < end; i++) {
      copy.push(words[i]!);
    }
    return copy;
  }

  /** The room that calls read. */
  get given(): Room {
    return this.bytesOfRoom!;
  }

  /** Address of a room for at least `size` bytes. */
  room(size: number): Address {
    if (this.roomSize < size) {
      this.roomSize = Math.max(size, 2 * this.roomSize, 16_384);
      this.roomAt = this.run(() => this.api && this.given.grow(this.roomSize)) >>> 0;
    }
    return this.roomAt;
  }

  /** Bytes of the room that was last asked for. */
  get roomEnd(): Address {
    return this.roomAt + this.roomSize;
  }

  /** Writes text into the room, `offset` bytes in; gives its length in bytes. */
  put(text: string, offset = 0): number {
    const at = this.room(offset + 3 * text.length) + offset;
    return this.codec!.encodeInto(text, this.bytes.subarray(at, this.roomEnd));
  }
}
