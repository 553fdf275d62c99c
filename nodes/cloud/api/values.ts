/**
 * What a field's value means, whether it was typed or an expression gave it. Each gives undefined for a
 * value that means nothing there, null and undefined among them: whoever reads a field says so, and
 * never takes it for a no or for a default.
 */

/** True or false, also as a word in any case. */
export function toSwitch(value: unknown): boolean | undefined {
	const word = typeof value === 'boolean' ? String(value) : toText(value)?.trim().toLowerCase();
	return word === 'true' || word === 'false' ? word === 'true' : undefined;
}

/** A text as it stands; a number is one. */
export function toText(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	return Number.isFinite(value) ? String(value) : undefined;
}

/** A number, also as text. */
export function toNumber(value: unknown): number | undefined {
	const text = toText(value)?.trim();
	return text && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** The words of a list, or of a text with commas between them; none of them may be empty. */
export function toWords(value: unknown): string[] | undefined {
	const parts: unknown[] = Array.isArray(value) ? value : [value];
	const texts = parts.map(toText);
	if (texts.includes(undefined)) return undefined;
	const words = texts.join(',').split(',');
	const trimmed = words.map((word) => word.trim());
	return trimmed.includes('') ? undefined : trimmed;
}

/** The same of a field that may be left empty, which is no words. */
export function toAnyWords(value: unknown): string[] | undefined {
	const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
	return isEmpty ? [] : toWords(value);
}
