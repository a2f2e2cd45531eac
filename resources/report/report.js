"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const page = document.body.dataset;
  const word = (name) => $("w-" + name).textContent;
  const MOST = 20;

  // Letters as people type them: small, and without accents.
  const APART = { "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ß": "s", "æ": "a", "œ": "o",
    "’": "'" };
  const plain = (text) => Array.from(text.toLowerCase(), (one) => APART[one] || one).join("")
    .normalize("NFKD").replace(/\p{M}/gu, "");

  // SHA-256 (FIPS 180-4) and PBKDF2 (RFC 8018) by hand: a page from a file share has no other.
  const K = new Uint32Array(64);
  const START = new Uint32Array(8);
  for (let n = 2, found = 0; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) { if (n % d === 0) { prime = false; break; } }
    if (!prime) continue;
    const part = (root) => (Math.pow(n, root) % 1) * 4294967296;
    if (found < 8) START[found] = part(1 / 2);
    K[found] = part(1 / 3);
    found += 1;
  }
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const sha256 = (bytes) => {
    const size = ((bytes.length + 72) >> 6) << 6;
    const whole = new Uint8Array(size);
    whole.set(bytes);
    whole[bytes.length] = 128;
    const view = new DataView(whole.buffer);
    view.setUint32(size - 4, bytes.length * 8);
    const state = START.slice();
    const w = new Uint32Array(64);
    for (let at = 0; at < size; at += 64) {
      for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + 4 * i);
      for (let i = 16; i < 64; i += 1) {
        const a = w[i - 15];
        const b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7]
          + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i]
          + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] += x; });
    }
    const out = new Uint8Array(32);
    const told = new DataView(out.buffer);
    state.forEach((x, i) => told.setUint32(4 * i, x));
    return out;
  };
  const joined = (one, two) => {
    const both = new Uint8Array(one.length + two.length);
    both.set(one);
    both.set(two, one.length);
    return both;
  };
  const hmac = (key, text) => {
    const block = new Uint8Array(64);
    block.set(key.length > 64 ? sha256(key) : key);
    const inner = sha256(joined(block.map((x) => x ^ 0x36), text));
    return sha256(joined(block.map((x) => x ^ 0x5c), inner));
  };
  const hashed = (address) => {
    const key = new TextEncoder().encode(address);
    const salt = Uint8Array.from(page.salt.match(/../g), (one) => parseInt(one, 16));
    let last = hmac(key, joined(salt, new Uint8Array([0, 0, 0, 1])));
    const sum = last.slice();
    for (let n = 1; n < Number(page.rounds); n += 1) {
      last = hmac(key, last);
      last.forEach((x, i) => { sum[i] ^= x; });
    }
    return Array.from(sum.slice(0, 12), (x) => x.toString(16).padStart(2, "0")).join("");
  };

  const rows = Array.from(document.querySelectorAll("tr[id]"));
  const byHash = new Map();
  const texts = page.salt ? [] : rows.map((row) => plain(
    row.cells[0].textContent + " " + row.cells[1].textContent + " " + (row.dataset.k || "")));
  if (page.salt) {
    rows.forEach((row) => row.dataset.h.split(" ").forEach((one) => byHash.set(one, row)));
  }

  const shown = (row, typed) => {
    const answer = $(row.querySelector("a").hash.slice(1)).cloneNode(true);
    answer.removeAttribute("id");
    const name = page.salt ? "" : row.cells[0].textContent;
    const address = page.salt ? typed : row.dataset.m || row.cells[1].textContent;
    if (name) answer.querySelectorAll(".w").forEach((one) => { one.textContent = name; });
    if (address) answer.querySelectorAll(".m").forEach((one) => { one.textContent = address; });
    const title = document.createElement("h3");
    title.textContent = name || address;
    const who = document.createElement("p");
    who.className = "who";
    who.textContent = page.salt ? row.cells[0].textContent
      : Array.from(row.cells).slice(1, -1).map((one) => one.textContent.trim())
        .filter((one) => one).join(" · ");
    answer.prepend(title, who);
    return answer;
  };

  const search = () => {
    const typed = $("ask-for").value.trim();
    const found = $("found");
    found.replaceChildren();
    $("told").textContent = "";
    $("everybody").hidden = typed !== "";
    if (!typed) return;
    let fit = [];
    if (page.salt) {
      if (!typed.includes("@")) { $("told").textContent = word("whole"); return; }
      const row = byHash.get(hashed(typed.toLowerCase()));
      fit = row ? [row] : [];
    } else {
      const words = plain(typed).split(/\s+/);
      fit = rows.filter((_, at) => words.every((one) => texts[at].includes(one)));
    }
    fit.slice(0, MOST).forEach((row) => found.append(shown(row, typed)));
    if (!fit.length) {
      const nobody = $(typed.includes("@") ? "nobody-address" : "nobody-name").content.cloneNode(true);
      nobody.querySelectorAll(".m").forEach((one) => { one.textContent = typed; });
      found.append(nobody);
    }
    if (fit.length > MOST) {
      $("told").textContent = word("more").replace("{count}", String(fit.length))
        .replace("{shown}", String(MOST));
    }
  };

  $("ask").hidden = false;
  let timer = 0;
  $("ask-for").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 80);
  });
  if (Date.now() - Date.parse(page.made) > Number(page.stale) * 60000) $("old").hidden = false;
  if ($("ask-for").value) search();
})();
