// The last line of a test run: how many passed, how many failed.
export default async function* counts(events) {
	for await (const { type, data } of events) {
		if (type === 'test:summary') {
			const { tests, passed } = data.counts;
			yield `${passed} passed, ${tests - passed} failed\n`;
		}
	}
}
