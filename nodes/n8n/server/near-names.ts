/**
 * Finds the names that somebody may have meant who wrote `wanted`, the likeliest first: those that begin with it, that
 * hold it, or that it holds, whatever the case of the letters and the signs between them. A project has thousands of
 * names, and a run may look for as many: they are made plain once for all.
 */
export function nearNamesAmong(names: string[]): (wanted: string) => string[] {
	const known = names.map((name) => ({ name, plainName: plain(name) }));
	return (wanted) => {
		const plainWanted = plain(wanted);
		if (!plainWanted) return [];
		return known
			.map(({ name, plainName }) => ({ name, distance: distanceOf(plainWanted, plainName) }))
			.filter(({ distance }) => distance < Infinity)
			.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
			.map(({ name }) => name);
	};
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
