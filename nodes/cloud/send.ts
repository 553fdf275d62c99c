import type { Answer } from './answer';
import type { CloudRequest } from './requests';

/** Sends one request and takes whatever comes, within `timeoutMs` milliseconds. Never rejects. */
export type Send = (request: CloudRequest, timeoutMs: number) => Promise<Answer>;

/** How long one read may take, in milliseconds; a later answer counts as lost. */
export const READ_TIMEOUT_MS = 30_000;
