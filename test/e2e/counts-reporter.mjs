// The last line of a test run: how many passed, how many failed. Node.js 20 gives no summary of its own.
export default async function* counts(events) {
	const tally = { 'test:pass': 0, 'test:fail': 0 };
	for await (const { type, data } of events) {
		if (type in tally && data.details.type !== 'suite') tally[type] += 1;
	}
	yield `${tally['test:pass']} passed, ${tally['test:fail']} failed\n`;
}
