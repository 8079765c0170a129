// The released pages' only script: language, light and dark, sorting, filtering, CSV, search, the map's lists.
// It asks nothing of any server, and writes text into pages as text only, never as markup.
(function () {
  "use strict";

  var root = document.documentElement;

  // Storage may be forbidden where a page is opened as a file; the page works without it.
  function remembered(name) {
    try { return window.localStorage.getItem("hatangso-" + name); } catch (error) { return null; }
  }
  function remember(name, value) {
    try { window.localStorage.setItem("hatangso-" + name, value); } catch (error) { /* not remembered */ }
  }

  // Before the first paint, so that nothing flickers.
  root.classList.add("scripted");
  if (remembered("language") === "en") { root.lang = "en"; }
  if (remembered("theme") === "dark" || remembered("theme") === "light") { root.dataset.theme = remembered("theme"); }

  function each(selector, act, within) { Array.prototype.forEach.call((within || document).querySelectorAll(selector), act); }
  function english() { return root.lang === "en"; }
  function say(vi, en) { return english() ? en : vi; }

  // --- language ---------------------------------------------------------------------------

  var MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  var SWAPPED = { ".": ",", ",": "." };

  function swapSigns(element) {
    if (element.children.length === 0) {
      element.textContent = element.textContent.replace(/[.,]/g, function (sign) { return SWAPPED[sign]; });
    }
  }
  function writeDate(element) {
    var part = element.getAttribute("datetime").split("-");
    element.textContent = english() ? Number(part[2]) + " " + MONTHS[Number(part[1]) - 1] + " " + part[0] : part[2] + "/" + part[1] + "/" + part[0];
  }
  function writeAttribute(name) {
    each("[data-en-" + name + "]", function (element) {
      if (!element.hasAttribute("data-vi-" + name)) { element.setAttribute("data-vi-" + name, element.getAttribute(name) || ""); }
      element.setAttribute(name, element.getAttribute(say("data-vi-", "data-en-") + name));
    });
  }
  function writeTexts() {
    each("title[data-en], option[data-en]", function (element) {
      if (!element.hasAttribute("data-vi")) { element.setAttribute("data-vi", element.textContent); }
      element.textContent = element.getAttribute(say("data-vi", "data-en"));
    });
  }
  var numbersAreEnglish = false;
  function applyLanguage() {
    if (numbersAreEnglish !== english()) {
      each("data", swapSigns);
      each("time[datetime]", writeDate);
      numbersAreEnglish = english();
    }
    ["title", "aria-label", "placeholder"].forEach(writeAttribute);
    writeTexts();
    each("[data-count]", function (element) { tell(element.getAttribute("data-count")); });
  }

  // --- tables -----------------------------------------------------------------------------

  function visibleText(cell) { return cell.innerText.replace(/\s+/g, " ").trim(); }
  function sortKey(cell) {
    if (!cell) { return ""; }
    if (cell.hasAttribute("data-sort")) {
      var given = cell.getAttribute("data-sort");
      return given !== "" && !isNaN(given) ? Number(given) : given;
    }
    var figure = cell.querySelector("data");
    if (figure) { return Number(figure.value); }
    var text = visibleText(cell);
    return /^\d+$/.test(text) ? Number(text) : (cell.classList.contains("n") ? "" : text);
  }
  function compare(a, b, way) {
    // What is blank stays last, whichever way the others go.
    if (a === "" || b === "") { return (a === "") - (b === ""); }
    if (typeof a === "number" && typeof b === "number") { return way * (a - b); }
    return way * String(a).localeCompare(String(b), "vi");
  }
  function sortBy(table, column) {
    var heads = table.tHead.rows[0].cells;
    var head = heads[column];
    var first = head.classList.contains("n") ? "descending" : "ascending";
    var other = first === "ascending" ? "descending" : "ascending";
    var way = head.getAttribute("aria-sort") === first ? other : first;
    each("th[aria-sort]", function (cell) { cell.removeAttribute("aria-sort"); }, table.tHead);
    head.setAttribute("aria-sort", way);
    var body = table.tBodies[0];
    Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, key: sortKey(row.cells[column]), place: place };
    }).sort(function (a, b) {
      return compare(a.key, b.key, way === "ascending" ? 1 : -1) || a.place - b.place;
    }).forEach(function (item) { body.appendChild(item.row); });
  }
  function makeSortable(table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      if (head.hasAttribute("data-nosort")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      button.addEventListener("click", function () { sortBy(table, column); });
      head.appendChild(button);
    });
  }

  // On a phone a scorecard is drawn as a list; its roles keep it a table for those who hear it.
  function nameRoles(table) {
    table.setAttribute("role", "table");
    each("thead, tbody", function (part) { part.setAttribute("role", "rowgroup"); }, table);
    each("tr", function (row) { row.setAttribute("role", "row"); }, table);
    each("thead th", function (cell) { cell.setAttribute("role", "columnheader"); }, table);
    each("tbody th", function (cell) { cell.setAttribute("role", "rowheader"); }, table);
    each("td", function (cell) { cell.setAttribute("role", "cell"); }, table);
  }

  function folded(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  }
  function tell(id) {
    var table = document.getElementById(id);
    if (!table) { return; }
    var all = table.tBodies[0].rows;
    var shown = Array.prototype.filter.call(all, function (row) { return !row.hidden; }).length;
    each('[data-count="' + id + '"]', function (element) {
      element.textContent = shown === all.length
        ? say(all.length + " dòng", all.length + " rows")
        : say(shown + " trong " + all.length + " dòng", shown + " of " + all.length + " rows");
    });
  }
  function filter(id) {
    var table = document.getElementById(id);
    var wanted = [], chosen = [];
    each('[data-filter="' + id + '"]', function (field) {
      if (field.hasAttribute("data-column")) {
        if (field.value) { chosen.push(["data-" + field.getAttribute("data-column"), field.value]); }
      } else {
        wanted = wanted.concat(folded(field.value).split(/\s+/).filter(Boolean));
      }
    });
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
      var fits = chosen.every(function (pair) { return row.getAttribute(pair[0]) === pair[1]; });
      if (fits && wanted.length) {
        var text = folded(row.textContent);
        fits = wanted.every(function (word) { return text.indexOf(word) >= 0; });
      }
      row.hidden = !fits;
    });
    tell(id);
  }

  // --- CSV of what is shown ---------------------------------------------------------------

  function csvCell(cell) {
    var figures = cell.querySelectorAll("data");
    var plain = cell.cloneNode(true);
    each(".sub, svg, .warn, details", function (part) { part.remove(); }, plain);
    var text;
    if (cell.classList.contains("n") && figures.length && plain.querySelector("data")) {
      text = figures[0].value;
    } else {
      each(english() ? ".v" : ".e", function (part) { part.remove(); }, plain);
      text = plain.textContent.replace(/\s+/g, " ").trim();
    }
    // A spreadsheet must not take a text for a formula; a number may begin with a minus.
    if (/^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) { text = "'" + text; }
    return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function csvOf(table) {
    var skipped = [];
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) { skipped[column] = head.hasAttribute("data-nosort"); });
    function line(row) {
      return Array.prototype.filter.call(row.cells, function (cell, column) { return !skipped[column]; }).map(csvCell).join(",");
    }
    var rows = Array.prototype.filter.call(table.tBodies[0].rows, function (row) { return !row.hidden; });
    return "\ufeff" + [table.tHead.rows[0]].concat(rows).map(line).join("\r\n") + "\r\n";
  }
  function download(name, text) {
    var address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    var link = document.createElement("a");
    link.href = address;
    link.download = name + ".csv";
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(address); }, 1000);
  }

  // --- search -----------------------------------------------------------------------------

  var MOST_FOUND = 12;
  var KINDS = { indicator: ["Chỉ tiêu", "Indicator"], place: ["Địa phương", "Place"], document: ["Văn bản", "Document"] };
  var entries = null;

  function loadEntries(then) {
    if (entries) { then(); return; }
    var script = document.createElement("script");
    script.src = document.body.getAttribute("data-root") + "assets/search.js";
    script.addEventListener("load", function () {
      entries = window.hatangsoSearch.map(function (entry) {
        return { entry: entry, text: folded(entry[1] + " " + entry[2] + " " + entry[4]), start: folded(entry[1]) };
      });
      then();
    });
    document.head.appendChild(script);
  }
  function matches(words) {
    var wanted = folded(words).split(/\s+/).filter(Boolean);
    if (!wanted.length || !entries) { return []; }
    var found = [];
    entries.forEach(function (item, place) {
      var score = 0;
      var fits = wanted.every(function (word) {
        var at = item.text.indexOf(word);
        if (at < 0) { return false; }
        score += (at === 0 || /[\s(]/.test(item.text.charAt(at - 1))) ? 2 : 1;
        return true;
      });
      if (!fits) { return; }
      if (item.text.indexOf(wanted.join(" ")) >= 0) { score += 3; }
      if (item.entry[0] !== "document") { score += 1; }
      found.push({ entry: item.entry, score: score, place: place, length: item.start.length });
    });
    found.sort(function (a, b) { return b.score - a.score || a.length - b.length || a.place - b.place; });
    return found.slice(0, MOST_FOUND).map(function (item) { return item.entry; });
  }
  function startSearch() {
    var field = document.getElementById("find"), list = document.getElementById("found");
    var count = document.getElementById("found-count");
    var chosen = -1, shown = [];

    function go(entry) { window.location.href = document.body.getAttribute("data-root") + entry[3]; }
    function choose(place) {
      chosen = place;
      Array.prototype.forEach.call(list.children, function (item, at) {
        item.setAttribute("aria-selected", String(at === chosen));
        if (at === chosen) { item.scrollIntoView({ block: "nearest" }); }
      });
      if (chosen >= 0) { field.setAttribute("aria-activedescendant", "found-" + chosen); } else { field.removeAttribute("aria-activedescendant"); }
    }
    function close() { list.hidden = true; field.setAttribute("aria-expanded", "false"); choose(-1); }
    function show() {
      shown = matches(field.value);
      list.textContent = "";
      shown.forEach(function (entry, place) {
        var item = document.createElement("li");
        item.id = "found-" + place;
        item.setAttribute("role", "option");
        item.appendChild(document.createTextNode(english() ? entry[2] : entry[1]));
        var kind = document.createElement("small");
        kind.textContent = KINDS[entry[0]][english() ? 1 : 0];
        item.appendChild(kind);
        item.addEventListener("mousedown", function (event) { event.preventDefault(); go(entry); });
        list.appendChild(item);
      });
      var asked = field.value.trim() !== "";
      count.textContent = asked ? say(shown.length + " kết quả", shown.length + " results") : "";
      if (asked && !shown.length) {
        var nothing = document.createElement("li");
        nothing.setAttribute("role", "option");
        nothing.setAttribute("aria-disabled", "true");
        nothing.textContent = say("Không tìm thấy", "Nothing found");
        list.appendChild(nothing);
      }
      list.hidden = !asked;
      field.setAttribute("aria-expanded", String(asked));
      choose(shown.length ? 0 : -1);
    }
    field.addEventListener("focus", function () { loadEntries(function () { if (field.value) { show(); } }); });
    field.addEventListener("input", function () { loadEntries(show); });
    field.addEventListener("blur", close);
    field.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" && shown.length) { event.preventDefault(); choose((chosen + 1) % shown.length); }
      else if (event.key === "ArrowUp" && shown.length) { event.preventDefault(); choose((chosen + shown.length - 1) % shown.length); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); go(shown[chosen]); }
      else if (event.key === "Escape") { close(); }
    });
    document.addEventListener("keydown", function (event) {
      var within = document.activeElement && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
      if (event.key === "/" && !within && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); field.focus(); }
    });
  }

  // --- start ------------------------------------------------------------------------------

  function openTarget() {
    var target = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.open = true; }
  }
  document.addEventListener("DOMContentLoaded", function () {
    each("table.score, table.facts", nameRoles);
    each("table.sortable", makeSortable);
    // The newest years stand at the right end of a wide table.
    each(".scroll > .matrix, .scroll > .coverage", function (table) { table.parentNode.scrollLeft = table.parentNode.scrollWidth; });
    each("[data-filter]", function (field) {
      field.addEventListener("input", function () { filter(field.getAttribute("data-filter")); });
    });
    each("[data-csv]", function (button) {
      button.addEventListener("click", function () {
        download(button.getAttribute("data-name"), csvOf(document.getElementById(button.getAttribute("data-csv"))));
      });
    });
    each("[data-layer]", function (choice) {
      choice.addEventListener("change", function () {
        each("[data-layer]", function (other) { document.getElementById("layer-" + other.value).classList.toggle("off", !other.checked); });
      });
    });
    document.getElementById("language").addEventListener("click", function () {
      root.lang = english() ? "vi" : "en";
      remember("language", root.lang);
      applyLanguage();
    });
    document.getElementById("theme").addEventListener("click", function () {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      remember("theme", root.dataset.theme);
    });
    startSearch();
    applyLanguage();
    openTarget();
    window.addEventListener("hashchange", openTarget);
  });
})();
