import type { Row } from '../session/reader';
import type { Stop } from './stop';
import type { EventName } from './watch';

/** That something happened to a server. */
export interface ServerEvent {
	event: EventName;
	serverId: string;
	/** Undefined where the cloud no longer shows the server. */
	row?: Row;
	/** When it happened, in milliseconds since 1970 by the cloud's clock. */
	at: number;
	stop?: Stop;
}
