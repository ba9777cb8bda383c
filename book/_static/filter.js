// Filters above the tables of findings: words, verdict, kind of check. Without scripts the whole table is read.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".nqp-filterable")) {
    const rows = [...box.querySelectorAll("tbody tr")];
    const bar = document.createElement("div");
    bar.className = "nqp-filters";
    const words = document.createElement("input");
    words.type = "search";
    words.placeholder = "table, id or word";
    words.setAttribute("aria-label", "Show findings that hold these words");
    const choices = ["verdict", "kind"].map((name) => {
      const select = document.createElement("select");
      select.setAttribute("aria-label", `Show one ${name} only`);
      select.add(new Option(`every ${name}`, ""));
      for (const value of new Set(rows.map((row) => row.dataset[name]))) select.add(new Option(value, value));
      return [name, select];
    });
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const show = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const fits =
          wanted.every((word) => text.includes(word)) &&
          choices.every(([name, select]) => !select.value || row.dataset[name] === select.value);
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${shown} of ${rows.length} findings`;
    };
    bar.append(words, ...choices.map(([, select]) => select), count);
    bar.addEventListener("input", show);
    box.prepend(bar);
    show();
  }
});
