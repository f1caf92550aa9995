/** Fired on `window` after somebody signed in again on top of a page: what waited for it goes on. */
export const RENEWED = 'sekisho-renewed'
