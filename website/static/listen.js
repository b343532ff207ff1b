// Original and result in step, as in the window: a second sound goes on where the first one was. One sound at a time.
"use strict";

const IN_STEP = ["before", "after"];

function begin(audio, seconds) {
  const start = () => {
    audio.currentTime = Math.min(seconds, audio.duration || seconds);
    audio.play();
  };
  if (audio.readyState >= 1) start();
  else {
    audio.addEventListener("loadedmetadata", start, { once: true });
    audio.load();
  }
}

function player(box) {
  const sounds = [...box.querySelectorAll("audio")].map((audio) => ({
    audio,
    kind: audio.dataset.kind,
    button: Object.assign(document.createElement("button"), { type: "button" }),
    name: audio.parentElement.querySelector("span").textContent,
  }));
  const place = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 1, step: "any", value: 0 });
  place.setAttribute("aria-label", "Position");
  let current = sounds[0];

  const show = () => {
    for (const { audio, button } of sounds) button.setAttribute("aria-pressed", String(!audio.paused));
    if (current.audio.duration) place.value = current.audio.currentTime / current.audio.duration;
  };
  const choose = (sound) => {
    const was = current;
    if (!sound.audio.paused) return sound.audio.pause();
    const goesOn = IN_STEP.includes(was.kind) && IN_STEP.includes(sound.kind);
    const from = was === sound || goesOn ? was.audio.currentTime : 0;
    for (const audio of document.querySelectorAll(".listen audio")) audio.pause();
    current = sound;
    begin(sound.audio, was.audio.ended ? 0 : from);
  };
  for (const sound of sounds) {
    sound.button.textContent = sound.name;
    sound.button.addEventListener("click", () => choose(sound));
    for (const event of ["play", "pause", "ended", "timeupdate"]) sound.audio.addEventListener(event, show);
    sound.audio.removeAttribute("controls");
  }
  place.addEventListener("input", () => {
    if (current.audio.duration) current.audio.currentTime = place.value * current.audio.duration;
  });
  box.classList.add("ready");
  box.append(...sounds.map((sound) => sound.button), place);
  show();
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".listen").forEach(player));
