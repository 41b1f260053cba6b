// The bar that stands in the place of the text entry while a voice message is recorded.

import { $, make } from "./dom.js";
import { record } from "./microphone.js";
import { toast } from "./notices.js";
import { clock } from "./voice.js";

const longest = 300; // seconds after which it records no more
const shownLevels = 120;

export class Recorder {
  /** `onVoice(file, seconds)` gets what is to be sent. */
  constructor(onVoice) {
    Object.assign(this, { onVoice, recording: null, starting: null });
    $("mic").addEventListener("click", () => this.begin());
    $("drop-recording").addEventListener("click", () => this.end(false));
    $("send-recording").addEventListener("click", () => this.end(true));
    $("recorder").addEventListener("keydown", ({ key }) => key === "Escape" && this.end(false));
  }

  setWords(words) {
    this.words = words;
    $("mic").setAttribute("aria-label", words.record);
    $("recorder").setAttribute("aria-label", words.recording);
    $("drop-recording").setAttribute("aria-label", words.cancel);
    $("send-recording").setAttribute("aria-label", words.send);
  }

  async begin() {
    if (this.starting || this.recording) {
      return;
    }
    const attempt = (this.starting = {});
    this.showStarting(true);
    try {
      const recording = await record((level, seconds) => this.heard(level, seconds));
      if (this.starting !== attempt) {
        recording.stop(); // it was called off while the browser asked for the microphone
        return;
      }
      this.recording = recording;
      this.show(true);
    } catch {
      toast(this.words.noMicrophone);
    } finally {
      if (this.starting === attempt) {
        this.starting = null;
        this.showStarting(false);
      }
    }
  }

  showStarting(starting) {
    $("mic").setAttribute("aria-busy", String(starting));
  }

  heard(level, seconds) {
    if (!this.recording || this.full) {
      return;
    }
    $("recorded").textContent = clock(seconds, Math.floor);
    const bar = make("i");
    bar.style.setProperty("--level", level.toFixed(3));
    $("levels").append(bar);
    if ($("levels").children.length > shownLevels) {
      $("levels").firstElementChild.remove();
    }
    if (seconds >= longest) {
      this.full = true;
      $("recorder").classList.add("full");
      this.recording.stop();
    }
  }

  /** Ends what is recorded, if anything is, and hands it on or drops it. */
  async end(send) {
    this.starting = null;
    this.showStarting(false);
    const { recording } = this;
    if (!recording) {
      return;
    }
    this.recording = null;
    this.show(false);
    await recording.stop();
    if (send && recording.length > 0) {
      this.onVoice(recording.wav(), recording.seconds);
    }
  }

  show(recording) {
    this.full = false;
    $("recorder").classList.remove("full");
    $("levels").replaceChildren();
    $("recorded").textContent = clock(0);
    $("recorder").hidden = !recording;
    $("compose").hidden = recording;
    $(recording ? "send-recording" : "mic").focus();
  }

  get isOn() {
    return this.recording !== null;
  }
}
