/** IDs of projects, as Keystone makes them. */
export const PROJECT = 'a'.repeat(32);
export const OTHER_PROJECT = 'b'.repeat(32);
