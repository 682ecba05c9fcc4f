// @ts-check
/**
 * The waiting room and the talk, one page that never reloads.
 *
 * Whatever is typed here is kept until the house says it has it. What the page
 * shows follows from the transcript alone; the line only brings and fetches.
 */

import { newId, one, write } from "../helpline/dom.js";
import { beforeLeaving } from "../helpline/leave.js";
import { Line } from "../helpline/socket.js";
import { Composer } from "./composer.js";
import { Lines } from "./lines.js";
import { plainRoad } from "./plain.js";
import { placeInLine, sentence } from "./sentences.js";
import * as transcripts from "./transcript.js";

const LATE_AFTER = 15000;
const AGAIN_AFTER = 3000; // when the house says: slow down
const TYPING_SHOWN = 6000;
const PASSING = ["slow_down", "busy", "broken"]; // refusals that time heals

const room = one("[data-room]");
const banner = one("[data-banner]");
const typing = one("[data-typing]");

let transcript = transcripts.blank(room.dataset.phase || "waiting");
/** @type {string | undefined} the message that is under way; one at a time keeps the order */
let underWay;
let doubts = 0;
/** @type {ReturnType<typeof setTimeout>} */
let typingTimer;

const lines = new Lines(one("[data-lines]"), retry);
const line = new Line({
  path: "/ws",
  resume: () => ({ type: "resume", after: transcript.seen }),
  hear,
  changed,
  answers: (frame) => frame.type === "up_to_date" || frame.type === "row",
  pull: plainRoad(
    () => transcript.seen,
    /** @type {HTMLInputElement} */ (one("[name=csrfmiddlewaretoken]")).value,
  ),
});
const composer = new Composer({
  longest: Number(room.dataset.longest),
  say,
  typing: () => transcript.phase === "claimed" && line.send({ type: "typing" }),
});

one("[data-without-script]").hidden = true;
one("[data-onwards]").addEventListener("click", (event) => {
  event.preventDefault();
  location.replace("/");
});
const clock = setInterval(lookAtClock, 1000);
beforeLeaving(stop);

/** @param {string} text */
function say(text) {
  update(transcripts.write(transcript, { client_id: newId(), text, at: Date.now() }));
  lines.toEnd();
  send();
}

/** @param {string} client_id */
function retry(client_id) {
  if (underWay === client_id) underWay = undefined;
  update(transcripts.retry(transcript, client_id, Date.now()));
  send();
}

function send() {
  const message = transcripts.next(transcript);
  if (!message || underWay || transcript.phase === "closed") return;
  const { client_id, text } = message;
  if (line.send({ type: "say", client_id, text })) underWay = client_id;
}

/** What takes long is marked, and tried once more. */
function lookAtClock() {
  const marked = transcripts.late(transcript, Date.now() - LATE_AFTER);
  if (marked === transcript) return;
  update(marked);
  underWay = undefined;
  send();
}

/** @param {any} frame */
function hear(frame) {
  switch (frame.type) {
    case "row":
      if (transcripts.skips(transcript, frame)) return line.resume();
      if (frame.author === "counsellor") showTyping(false);
      arrived(frame.client_id);
      return update(transcripts.hear(transcript, frame));
    case "sent":
      update(transcripts.sent(transcript, frame));
      tell("");
      return arrived(frame.client_id);
    case "refused":
      return refused(frame);
    case "up_to_date":
      return compare(frame);
    case "outlook":
      return showPlace(frame);
    case "typing":
      return showTyping(true);
    case "gone":
      return location.replace("/");
  }
}

/**
 * The house tells how things stand. When that is not what stands here, ask once
 * more; when it stays so, this page belongs to a former visit.
 * @param {{last: number, state: string}} frame
 */
function compare({ last, state }) {
  const agreed = last === transcript.seen && state === transcript.phase;
  doubts = agreed ? 0 : doubts + 1;
  if (doubts > 2) location.replace("/");
  else if (!agreed) line.resume();
}

/** @param {string | undefined} client_id */
function arrived(client_id) {
  if (!client_id || client_id !== underWay) return;
  underWay = undefined;
  setTimeout(send);
}

/** @param {{code: string, sentence: string, client_id?: string}} frame */
function refused({ code, sentence: words, client_id }) {
  if (client_id && client_id === underWay) underWay = undefined;
  if (PASSING.includes(code)) return void setTimeout(send, AGAIN_AFTER);
  tell(words);
  if (client_id) update(transcripts.refused(transcript, client_id));
  if (code === "talk_closed") line.resume();
  send();
}

/** @param {import("../helpline/socket.js").State} state */
function changed(state) {
  tell(state === "lost" ? sentence("lost") : "");
  if (state === "lost") underWay = undefined;
  if (state === "live" || state === "polling") {
    underWay = undefined;
    send();
  }
  if (state === "over") over();
}

/** The ticket has ended: keep what is on the screen only if it would be lost. */
function over() {
  if (transcript.phase === "closed") return;
  if (!composer.text && !transcripts.hasUnsent(transcript)) return location.replace("/");
  end(sentence("over"));
}

/** @param {transcripts.Transcript} now */
function update(now) {
  const before = transcript;
  transcript = now;
  if (now.rows !== before.rows || now.own.some((own, index) => own !== before.own[index])) {
    lines.show(now);
  }
  if (now.phase !== before.phase) turn(now);
}

/** @param {transcripts.Transcript} now */
function turn({ phase, rows }) {
  room.dataset.phase = phase;
  one("[data-waiting]").hidden = phase !== "waiting";
  if (phase === "claimed") lines.toEnd();
  if (phase !== "closed") return;
  const last = rows[rows.length - 1];
  end(sentence(`ended-${last ? last.detail : "gone"}`));
  line.close();
}

/** @param {string} why */
function end(why) {
  const unsent = composer.text || transcripts.hasUnsent(transcript);
  lines.keeping(() => {
    composer.end();
    one("[data-more]").hidden = true;
    write(one("[data-ended-why]"), unsent ? `${why} ${sentence("unsent")}` : why);
    one("[data-ended]").hidden = false;
  });
  showTyping(false);
  tell("");
}

/** @param {{ahead: number, low?: number, high?: number}} outlook */
function showPlace(outlook) {
  const place = placeInLine(outlook);
  write(one("[data-ahead]"), place.ahead);
  write(one("[data-range]"), place.range);
}

/** @param {boolean} shown */
function showTyping(shown) {
  clearTimeout(typingTimer);
  const who = transcript.who || sentence("somebody");
  write(typing, shown ? sentence("types", { who }) : "");
  if (shown) typingTimer = setTimeout(() => showTyping(false), TYPING_SHOWN);
}

/** @param {string} words */
function tell(words) {
  lines.keeping(() => {
    write(banner, words);
    banner.hidden = words === "";
  });
}

function stop() {
  clearInterval(clock);
  line.close();
}
