"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const rows = new Map(data.map((entry) => [`r${entry.n}`, entry]));

  // --- the table: a button in each heading sorts by it; what has no value stays last --------------------
  const table = byId("table");
  const order = new Intl.Collator("en", { numeric: true });

  function compare(left, right, sign) {
    if (left === null || right === null) return (left === null) - (right === null);
    return sign * (typeof left === "number" ? left - right : order.compare(left, right));
  }

  function sort(heading) {
    const column = Number(heading.dataset.sort);
    const ascending = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const body = table.tBodies[0];
    const key = (row) => rows.get(row.id).keys[column];
    body.append(...[...body.rows].sort((a, b) => compare(key(a), key(b), ascending ? 1 : -1)));
  }

  for (const heading of table ? table.querySelectorAll("th[data-sort]") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.append(button);
  }

  // --- filters: over the latest attempt of each question, or over all ----------------------------------
  const form = byId("filters");
  const names = ["rubric", "author", "criterion", "level"];
  const selects = Object.fromEntries(names.map((name) => [name, byId(`f-${name}`)]));
  const older = byId("f-older");

  function fits(attempt, criterion, level) {
    if (criterion !== "" && !(criterion in attempt.levels)) return false;
    if (level === "") return true;
    const found = criterion === "" ? attempt.score : attempt.levels[criterion];
    return level === "none" ? found === null : found !== null && Math.floor(found + 1e-9) === Number(level);
  }

  // Of many questions each has a page of its own, and only its row is here.
  function hide(id, hidden) {
    const found = byId(id);
    if (found) found.hidden = hidden;
  }

  function filter() {
    const [rubric, author, criterion, level] = names.map((name) => selects[name].value);
    let shown = 0;
    for (const entry of data) {
      const looked = older.checked ? entry.attempts : entry.attempts.slice(-1);
      const wanted = (rubric === "" || entry.rubric === Number(rubric)) && (author === "" || entry.author === Number(author));
      const here = wanted && looked.some((attempt) => fits(attempt, criterion, level));
      hide(`r${entry.n}`, !here);
      hide(`q${entry.n}`, !here);
      for (const attempt of entry.attempts) hide(`a${attempt.n}`, older.checked && !fits(attempt, criterion, level));
      shown += here;
    }
    byId("shown").textContent = `${shown} of ${data.length} questions shown`;
    for (const details of document.querySelectorAll("details.attempt[open]")) dim(details);
  }

  // With a criterion chosen, only its evidence keeps its colour.
  function dim(details) {
    const chosen = selects.criterion.value;
    const items = [...details.querySelectorAll(".criteria > li")];
    const kept = new Set(items.filter((item) => item.dataset.key === chosen).map((item) => item.id.split("c")[1]));
    for (const mark of details.querySelectorAll("mark"))
      mark.classList.toggle("dim", chosen !== "" && !mark.dataset.c.split(" ").some((number) => kept.has(number)));
  }

  byId("folded").hidden = false;
  form.addEventListener("change", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("toggle", (event) => event.target.matches("details.attempt[open]") && dim(event.target), true);
  filter();

  // --- evidence: its criteria beside it on hover and on focus; Escape puts them away --------------------
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.querySelector("main").append(tip);
  let at = null;
  let leaving = 0;

  function paragraph(text, strong) {
    const found = document.createElement("p");
    const inner = strong ? found.appendChild(document.createElement("strong")) : found;
    inner.textContent = text;
    return found;
  }

  const criteria = (link) => {
    const attempt = link.closest("details").id;
    return link.parentElement.dataset.c.split(" ").map((number) => byId(`${attempt}c${number}`));
  };

  function show(link) {
    clearTimeout(leaving);
    if (at === link && !tip.hidden) return;
    away();
    at = link;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", "tip");
    tip.replaceChildren();
    for (const item of criteria(link)) {
      item.classList.add("lit");
      const text = (name) => item.querySelector(name)?.textContent ?? "";
      tip.append(paragraph(`${text(".name")}: ${text(".level")}`, true));
      if (text(".reason")) tip.append(paragraph(text(".reason"), false));
    }
    tip.hidden = false;
    put(link);
  }

  function put(link) {
    const box = link.getBoundingClientRect();
    const room = { x: document.documentElement.clientWidth - tip.offsetWidth - 8, y: innerHeight - tip.offsetHeight - 4 };
    const top = box.bottom + 4 <= room.y ? box.bottom + 4 : box.top - tip.offsetHeight - 4;
    tip.style.left = `${Math.max(8, Math.min(box.left, room.x))}px`;
    tip.style.top = `${top >= 4 ? top : Math.max(4, room.y)}px`;
  }

  function away() {
    if (!at) return;
    for (const item of criteria(at)) item.classList.remove("lit");
    at.removeAttribute("aria-describedby");
    at = null;
    tip.hidden = true;
  }

  const evidence = (event) => (event.target.closest ? event.target.closest("mark > a") : null);
  document.addEventListener("focusin", (event) => (evidence(event) ? show(evidence(event)) : away()));
  document.addEventListener("pointerover", (event) => {
    if (evidence(event)) show(evidence(event));
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (at && at !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(away, 250);
    }
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && away());
  document.addEventListener("scroll", () => at && put(at), { passive: true });

  // --- paper: the latest attempts are printed, open or not ----------------------------------------------
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("article:not([hidden]) details.latest:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
})();
