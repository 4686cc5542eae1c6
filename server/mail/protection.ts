// Signed and encrypted mail (RFC 8551, RFC 3156, RFC 9580) is left as it came, and named.

export type Protection = 'smime-encrypted' | 'smime-signed' | 'pgp-encrypted' | 'pgp-signed'
