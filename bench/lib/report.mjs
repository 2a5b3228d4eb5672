// Tables and charts of the results.

export function format(row, value) {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (row.unit !== 'B') return value.toFixed(value < 0.1 ? 3 : 2);
  if (value >= 1024 * 1024) return `${(value / 1024 / 1024).toFixed(1)} MB`;
  return `${(value / 1024).toFixed(2)} KB`;
}

export const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
};

export function table(results) {
  const lines = ['| figure | goal | median | min – max | verdict |', '|---|---|---|---|---|'];
  for (const { row, values, raw } of results) {
    const middle = median(values);
    const spread = `${format(row, Math.min(...values))} – ${format(row, Math.max(...values))}`;
    const verdict = middle <= row.goal ? 'reached' : 'missed';
    const detail = raw ? ` (${raw})` : '';
    lines.push(`| ${row.name} | ≤ ${format(row, row.goal)} | ${format(row, middle)}${detail} | ${spread} | ${verdict} |`);
  }
  return lines.join('\n');
}

/** Bars of median ÷ goal: left of the line is reached. */
export function chart(results, dark) {
  const ink = dark ? '#e6e6e6' : '#1c1c1c';
  const back = dark ? '#15181c' : '#ffffff';
  const good = dark ? '#4cb782' : '#23875a';
  const bad = dark ? '#e07a5f' : '#b5482a';
  const left = 330;
  const scale = 220;
  const height = 40 + results.length * 24;
  const bars = results.map(({ row, values }, i) => {
    const share = Math.min(median(values) / row.goal, 2);
    const y = 30 + i * 24;
    const label = row.name.replace(/&/g, '&amp;').replace(/</g, '&lt;');
    return (
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${label}</text>` +
      `<rect x="${left}" y="${y}" width="${(share * scale).toFixed(1)}" height="16" fill="${share <= 1 ? good : bad}"/>` +
      `<text x="${left + share * scale + 6}" y="${y + 12}">${format(row, median(values))}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="860" height="${height}" font-family="sans-serif" font-size="12" fill="${ink}">` +
    `<rect width="860" height="${height}" fill="${back}"/>` +
    `<text x="${left + scale}" y="18" text-anchor="middle">goal</text>` +
    bars.join('') +
    `<line x1="${left + scale}" y1="24" x2="${left + scale}" y2="${height - 8}" stroke="${ink}" stroke-dasharray="3 3"/></svg>\n`
  );
}
