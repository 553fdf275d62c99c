import { type Row, tagsOf } from '../session/reader';

/** Which servers of a project to find; all that is given must hold. */
export interface Filters {
	/** A part of the name, taken literally, in any case of letters. */
	name?: string;
	status?: string;
	/** Each as `key=value` or `key`; a server must have all of them. */
	tags?: string[];
}

/** What of the filters can be left to the cloud. */
export function toQuery({ name = '', status, tags }: Filters): Record<string, string> {
	const query: Record<string, string> = {};
	const [part] = plainParts(name);
	if (part) query.name = part;
	if (status) query.status = status;
	const exact = tags?.filter((tag) => PLAIN_TAG.test(tag));
	if (exact?.length) query.tags = exact.join(',');
	return query;
}

/** Nova refuses a tag that is no valid pattern, though it takes each as it stands. */
const PLAIN_TAG = /^[\w .:@-]+=[\w .:@=-]*$/;

/** Nova reads a name as a pattern: the parts of it that mean themselves there, the longest first. */
function plainParts(name: string): string[] {
	return (name.match(/[A-Za-z0-9_-]+/g) ?? []).sort((a, b) => b.length - a.length);
}

/** Whether a server fits, whatever the cloud made of the query. */
export function matches({ server, json }: Row, { name, status, tags = [] }: Filters): boolean {
	const has = tagsOf(json) ?? [];
	return (
		(!name || (server.name ?? '').toLowerCase().includes(name.toLowerCase())) &&
		(!status || server.status === status) &&
		tags.every((tag) => has.some((one) => one === tag || one.startsWith(`${tag}=`)))
	);
}
