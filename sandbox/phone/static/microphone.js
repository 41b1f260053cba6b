// Records from the microphone: to a WAV file, of which the server makes what a real phone would send.

const headerBytes = 44;
const endAfter = 500; // milliseconds that the last samples may take to come

/**
 * Begins to record; `onPiece(level, seconds)` hears how loud each piece was, from 0 to 1, and how long all is by now.
 * Throws if there is no microphone, or nobody allows it.
 */
export async function record(onPiece) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new DOMException("no microphone on a page that is not secure", "NotFoundError");
  }
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const context = new AudioContext();
  const release = () => {
    stream.getTracks().forEach((track) => track.stop());
    context.close();
  };
  try {
    await context.audioWorklet.addModule(new URL("tape.js", import.meta.url));
    return new Recording(stream, context, onPiece, release);
  } catch (error) {
    release();
    throw error;
  }
}

class Recording {
  constructor(stream, context, onPiece, release) {
    Object.assign(this, { rate: context.sampleRate, release, pieces: [], length: 0 });
    this.tape = new AudioWorkletNode(context, "tape", { numberOfInputs: 1, channelCount: 1, channelCountMode: "explicit" });
    this.ended = new Promise((resolve) => {
      this.tape.port.onmessage = ({ data }) => {
        if (data === null) {
          resolve();
          return;
        }
        this.pieces.push(data);
        this.length += data.length;
        onPiece(loudness(data), this.seconds);
      };
    });
    context.createMediaStreamSource(stream).connect(this.tape).connect(context.destination); // which plays silence
  }

  get seconds() {
    return this.length / this.rate;
  }

  /** Ends it; safe to call again. */
  async stop() {
    this.tape.port.postMessage("end");
    await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, endAfter))]);
    this.release();
    this.release = () => {};
  }

  /** What was recorded, as a WAV file: mono, 16 bits. */
  wav() {
    return new File([wavOf(this.pieces, this.length, this.rate)], "voice.wav", { type: "audio/wav" });
  }
}

function loudness(samples) {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);
  return Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-9) / 5)); // 50 dB below full is nothing
}

function wavOf(pieces, length, rate) {
  const view = new DataView(new ArrayBuffer(headerBytes + 2 * length));
  const word = (at, letters) => [...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, headerBytes - 8 + 2 * length, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, 2 * length, true);
  let at = headerBytes;
  for (const piece of pieces) {
    for (const value of piece) {
      view.setInt16(at, Math.round(Math.max(-1, Math.min(1, value)) * 32767), true);
      at += 2;
    }
  }
  return view.buffer;
}
