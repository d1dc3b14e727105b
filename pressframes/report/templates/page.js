"use strict";
(() => {
  const VOICES = { outlet: "the outlet's own words", indirect: "reported", direct: "quoted" };
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const known = new Map([...document.querySelectorAll("[data-article]")].map((item) => [item.dataset.article, item.dataset]));
  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");
  document.body.append(status);
  let fades = 0;
  const say = (text) => {
    status.textContent = text;
    clearTimeout(fades);
    fades = setTimeout(() => { status.textContent = ""; }, 12000);
  };
  const chooser = (label, values, change) => {
    const select = make("select", { onchange: change }, ...values.map(([value, text]) => make("option", { value, textContent: text })));
    return [make("label", {}, label + " ", select), select];
  };

  // Lists: sorted, filtered, cited

  const facts = (item, index) => {
    const [, article, sentence] = item.firstElementChild.textContent.match(/^(.*):(\d+)$/s);
    const about = known.get(article) || {}, line = item.querySelector("bdi"), mark = line.querySelector("mark");
    const voice = item.querySelector("small").textContent.replace(about.group, "").split(" · ").find((part) => part in VOICES) || "";
    const before = mark.previousSibling ? mark.previousSibling.textContent : "", after = mark.nextSibling ? mark.nextSibling.textContent : "";
    const left = before.trim().split(/\s+/).reverse().join(" ");
    return { item, index, part: item.parentNode, at: [...known.keys()].indexOf(article), article, sentence, voice, group: about.group || "", date: about.date || "", left, node: mark.textContent, right: after.trim(), text: line.textContent.toLowerCase() };
  };
  const sentenceOf = (row) => {
    const address = row.item.firstElementChild.getAttribute("href"), begins = address.slice(0, address.lastIndexOf("-"));
    const whole = begins.startsWith("#") && document.getElementById(begins.slice(1) + "-s" + row.sentence);
    if (!whole) return row.item.querySelector("bdi").textContent;
    const copy = whole.cloneNode(true);
    copy.querySelectorAll(".who, .note-ref").forEach((extra) => extra.remove());
    return copy.textContent;
  };
  const citation = (row) => {
    const about = known.get(row.article) || {};
    const source = [about.outlet, about.title && `“${about.title}”`, about.date, `article ${row.article}, sentence ${row.sentence}`].filter(Boolean).join(", ");
    return `${source}: “${sentenceOf(row).replace(/\s+/g, " ").trim()}” ${new URL(row.item.firstElementChild.getAttribute("href"), location.href).href}`;
  };
  const copied = (text) => {
    const box = make("textarea", { value: text, className: "copied" });
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy"); // also where a page opened from a folder may not use the newer clipboard
    box.remove();
    return done;
  };
  const cite = (row, button) => {
    const text = citation(row), done = copied(text);
    button.focus();
    say((done ? "Copied: " : "Copy this: ") + text);
  };
  const furnish = (list) => {
    if (list.querySelector(".tools")) return;
    const rows = [...list.querySelectorAll("ol > li")].map(facts);
    for (const row of rows) {
      const button = make("button", { type: "button", className: "cite", textContent: "cite", onclick: () => cite(row, button) });
      button.setAttribute("aria-label", `Copy a citation of ${row.article}:${row.sentence}, ${row.node}`);
      row.item.append(" ", button);
    }
    if (rows.length < 2) return;
    const values = (key) => [...new Set(rows.map((row) => row[key]))].filter(Boolean);
    const told = make("output");
    const show = () => {
      const wanted = search.value.trim().toLowerCase();
      for (const row of rows) row.item.hidden = !(row.text.includes(wanted) && [["group", group], ["voice", voice]].every(([key, select]) => !select.value || row[key] === select.value));
      const key = order.value, inText = (a, b) => a.at - b.at || a.sentence - b.sentence || a.index - b.index;
      const sorted = [...rows].sort((a, b) => (key === "article" ? 0 : a[key].localeCompare(b[key])) || inText(a, b));
      const whole = list.matches(":target"); // a list that is opened as one is sorted as one
      for (const row of sorted) (whole ? joined : row.part).append(row.item);
      list.classList.toggle("whole", whole);
      const open = rows.filter((row) => getComputedStyle(row.item.parentNode).display !== "none");
      told.textContent = `${open.filter((row) => !row.item.hidden).length} of ${open.length} lines`;
    };
    const joined = make("ol", { className: "joined" });
    const search = make("input", { type: "search", size: 14, oninput: show });
    const [groups, group] = chooser("Group", [["", "all"], ...values("group").map((value) => [value, value])], show);
    const [voices, voice] = chooser("Voice", [["", "all"], ...values("voice").map((value) => [value, VOICES[value]])], show);
    const orders = [["article", "article"], ["date", "date"], ["group", "group"], ["voice", "voice"], ["left", "words before"], ["node", "the words marked"], ["right", "words after"]];
    const [sorting, order] = chooser("Sorted by", orders, show);
    const tools = make("div", { className: "tools" }, make("label", {}, "Only with ", search), ...(values("group").length > 1 ? [groups] : []), ...(values("voice").length > 1 ? [voices] : []), sorting, told);
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", "Filter and sort these lines");
    list.querySelector("ol").before(tools, joined);
    list.addEventListener("shown", show);
  };

  // Two articles side by side

  const place = document.querySelector(".articles");
  const listed = document.querySelector(".article-list");
  const inPage = (id) => [...place.querySelectorAll("article")].find((article) => article.dataset.id === id);
  const all = () => {
    place.classList.remove("two");
    for (const article of place.querySelectorAll("article")) Object.assign(article, { hidden: false, tabIndex: -1 });
    place.querySelectorAll("iframe").forEach((frame) => frame.remove());
  };
  const two = (ids) => {
    all();
    place.classList.add("two");
    for (const article of place.querySelectorAll("article")) article.hidden = !ids.includes(article.dataset.id);
    ids.forEach((id, side) => {
      const article = inPage(id);
      if (article) {
        article.style.order = side;
        article.tabIndex = 0; // scrolled by the keyboard
      } else place.append(make("iframe", { src: known.get(id).file, title: `Article ${id}` }));
    });
    place.scrollIntoView();
    say(`Article ${ids[0]} beside article ${ids[1]}.`);
  };
  if (place && listed && known.size > 1) {
    const options = [...known].map(([id, about]) => [id, `${id} · ${about.outlet}${about.date ? `, ${about.date}` : ""}`]);
    const [first, left] = chooser("Left", options), [second, right] = chooser("right", options);
    right.selectedIndex = 1;
    const show = () => {
      if (left.value === right.value) say("Choose two different articles.");
      else two([left.value, right.value]);
    };
    const tools = make("div", { className: "tools" }, make("span", { textContent: "Read two side by side:" }), first, second, make("button", { type: "button", textContent: "show", onclick: show }), make("button", { type: "button", textContent: place.querySelector("article") ? "one after the other" : "close", onclick: all }));
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", "Two articles side by side");
    listed.before(tools);
    if (listed.children.length > 20) {
      const find = make("input", { type: "search", size: 24 });
      find.oninput = () => [...listed.children].forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(find.value.trim().toLowerCase()); });
      listed.before(make("div", { className: "tools" }, make("label", {}, "Find an article ", find)));
    }
  }

  // Addresses

  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const list = target && target.closest(".lists > li");
    if (list) {
      furnish(list);
      list.dispatchEvent(new Event("shown"));
    }
    if (target && target.closest("article[hidden]")) {
      all();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", arrive);
  addEventListener("load", arrive);
})();
