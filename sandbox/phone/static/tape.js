// What runs beside the page while it records: hands on the samples of the microphone, in pieces.

/* global AudioWorkletProcessor, registerProcessor */

const piece = 2048; // samples: some 43 milliseconds

class Tape extends AudioWorkletProcessor {
  constructor() {
    super();
    this.filled = 0;
    this.samples = new Float32Array(piece);
    this.port.onmessage = () => {
      this.handOn();
      this.port.postMessage(null);
      this.ended = true;
    };
  }

  process([[channel]]) {
    for (let at = 0; channel && at < channel.length && !this.ended; ) {
      const part = channel.subarray(at, at + piece - this.filled);
      this.samples.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === piece) {
        this.handOn();
      }
    }
    return !this.ended;
  }

  handOn() {
    this.port.postMessage(this.samples.slice(0, this.filled));
    this.filled = 0;
  }
}

registerProcessor("tape", Tape);
