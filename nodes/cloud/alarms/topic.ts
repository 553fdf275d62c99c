/** A topic of the notification service (SMN). */
export interface Topic {
	urn: string;
	region: string;
}

const URN = /^urn:smn:([a-z0-9]+(?:-[a-z0-9]+)*):[^:\s]+:[^:\s]+$/;

/** The topic that a URN names (`urn:smn:<region>:<project>:<name>`), or undefined if it is no such URN. */
export function readTopic(text: string): Topic | undefined {
	const urn = text.trim();
	const region = URN.exec(urn)?.[1];
	return region === undefined ? undefined : { urn, region };
}
