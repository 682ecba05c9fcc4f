// @ts-check
/** Tones for who is not looking. No file, and nothing that tells what happened. */

const NOTES = {
  soft: { arrival: [440, 554], message: [494], loud: 0.08 },
  bright: { arrival: [784, 988], message: [880], loud: 0.2 },
};
const LONG = 0.22; // seconds

/** Rings once a person has touched the page; browsers allow no sound before. */
export class Sound {
  constructor() {
    /** @type {"soft" | "bright" | "off"} */
    this.choice = "soft";
    /** @type {AudioContext | null} */
    this.context = null;
    const wake = () => this._wake();
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, wake, { once: true });
  }

  /** @param {string} choice */
  choose(choice) {
    this.choice = choice === "bright" || choice === "off" ? choice : "soft";
    this.ring("message");
  }

  /** @param {"arrival" | "message"} what */
  ring(what) {
    if (this.choice === "off" || this.context === null) return;
    const { loud, ...notes } = NOTES[this.choice];
    for (const [place, pitch] of notes[what].entries()) {
      this._note(pitch, loud, place * LONG * 0.7);
    }
  }

  _wake() {
    if ("AudioContext" in window) this.context = new AudioContext();
  }

  /**
   * @param {number} pitch
   * @param {number} loud
   * @param {number} later
   */
  _note(pitch, loud, later) {
    const context = /** @type {AudioContext} */ (this.context);
    const start = context.currentTime + later;
    const tone = new OscillatorNode(context, { frequency: pitch });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.linearRampToValueAtTime(loud, start + 0.02);
    volume.gain.linearRampToValueAtTime(0, start + LONG);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + LONG);
  }
}
