/**
 * The names that somebody may have meant who wrote `wanted`, the likeliest first: those that begin with it, that
 * hold it, or that it holds, whatever the case of the letters and the signs between them.
 */
export function nearNames(wanted: string, names: string[]): string[] {
	const plainWanted = plain(wanted);
	if (!plainWanted) return [];
	return names
		.map((name) => ({ name, distance: distanceOf(plainWanted, plain(name)) }))
		.filter(({ distance }) => distance < Infinity)
		.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
		.map(({ name }) => name);
}

/** `Web 01` and `web-01` are the same but for such things. */
function plain(name: string): string {
	return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function distanceOf(wanted: string, name: string): number {
	if (name === wanted) return 0;
	if (name.startsWith(wanted)) return 1;
	if (name.includes(wanted)) return 2;
	return name.length > 2 && wanted.includes(name) ? 3 : Infinity;
}
