/** XML 1.0 in small: elements and text, escaped. */

/** `content` is XML already, a line for each child, or `xmlText`. Attributes that are undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content: string | readonly string[] = [],
): string {
  const told = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${xmlAttribute(String(value))}"`],
  );
  const inner = typeof content === 'string' ? content : content.map((child) => `\n${child}`).join('');
  const end = typeof content === 'string' ? '' : '\n';
  return inner === '' ? `<${name}${told.join('')}/>` : `<${name}${told.join('')}>${inner}${end}</${name}>`;
}

/** `text` as content of an element. */
export function xmlText(text: string): string {
  return allowed(text).replace(/[&<>\r]/g, escape);
}

/** Line breaks and tabs too: readers would take them for blanks. */
function xmlAttribute(text: string): string {
  return allowed(text).replace(/[&<>"\t\n\r]/g, escape);
}

function escape(character: string): string {
  return names[character] ?? `&#${character.codePointAt(0)};`;
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 cannot say, not even escaped, become U+FFFD (section 2.2). */
function allowed(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
