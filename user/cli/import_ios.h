/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running-config being read; shared by the import_ios*.c files only. */
#ifndef CLI_IMPORT_IOS_H
#define CLI_IMPORT_IOS_H

#include "cli/import_tunnel.h"

#define IOS_NAME	64
#define IOS_WORDS	96
#define IOS_REFS	8
#define IOS_IFACES	512
#define IOS_OBJS	256
#define IOS_KEYS	256

#define IOS_BLOCK_USED	"section [IPsec]"
#define IOS_CERTS	"certificates are not in the file"
#define IOS_CERTS_INSTEAD "[IPsec] Certificate=, PrivateKey= and CA="

/**
 * struct ios_iface - an interface that is no tunnel of ours
 * @name: of it
 * @head: line that it begins in
 * @from: index of that line
 * @to: index behind its last line
 * @vrf: line that puts it into a VRF, or NULL
 * @map: line that gives it a crypto map, or NULL
 * @dynamic: it has its address from elsewhere
 * @addr: IPv4 and IPv6 address, or empty
 * @line: that gave them
 */
struct ios_iface {
	char name[IOS_NAME];
	struct import_line *head;
	size_t from;
	size_t to;
	struct import_line *vrf;
	struct import_line *map;
	bool dynamic;
	struct nh_addr addr[2];
	struct import_line *line[2];
};

/**
 * enum ios_kind - what a block is
 */
enum ios_kind {
	IOS_NONE,
	IOS_SKIP,
	IOS_IFACE,
	IOS_TUNNEL,
	IOS_ISAKMP_POLICY,
	IOS_ISAKMP_PROFILE,
	IOS_KEYRING,
	IOS_IKEV2_PROPOSAL,
	IOS_IKEV2_POLICY,
	IOS_IKEV2_KEYRING,
	IOS_IKEV2_PROFILE,
	IOS_TRANSFORM,
	IOS_PROFILE,
};

/**
 * struct ios_obj - a block of "crypto ..."
 * @kind: what it is
 * @name: its name or number
 * @from: index of its first line
 * @to: index behind its last line
 * @used: a tunnel needs it
 * @asked: of keys: a tunnel looked for one in it
 * @taken: of algorithms: they are in a configuration
 * @enc: encryption in strongSwan's words, "-" between two
 * @aead: the same for what needs no integrity
 * @integ: integrity, likewise
 * @prf: pseudo-random function, likewise
 * @group: key exchange, likewise
 * @bad: something that we have no word for
 * @cert: line that asks for certificates, or NULL
 * @psk: line that asks for a secret, or NULL
 * @mode: line that gave the mode, or NULL
 * @transport: it is transport mode
 * @lifetime: seconds
 * @idle: seconds
 * @dpd: seconds
 * @identity: ours, or ""
 * @own: ours, if it is an address
 * @own_line: that gave it, or NULL
 * @vrf: that a keyring is for, or ""
 * @ref: transform sets, proposals or keyrings that it names
 * @ref_line: that named them
 * @nref: entries in @ref
 * @isakmp: name of the profile for IKEv1, or ""
 * @ikev2: name of the profile for IKEv2, or ""
 */
struct ios_obj {
	enum ios_kind kind;
	char name[IOS_NAME];
	size_t from;
	size_t to;
	bool used;
	bool asked;
	bool taken;
	char enc[IOS_WORDS];
	char aead[IOS_WORDS];
	char integ[IOS_WORDS];
	char prf[IOS_WORDS];
	char group[IOS_WORDS];
	bool bad;
	struct import_line *cert;
	struct import_line *psk;
	struct import_line *mode;
	bool transport;
	struct import_num lifetime;
	struct import_num idle;
	struct import_num dpd;
	char identity[IMPORT_VALUE];
	struct nh_addr own;
	struct import_line *own_line;
	char vrf[IOS_NAME];
	char ref[IOS_REFS][IOS_NAME];
	struct import_line *ref_line[IOS_REFS];
	size_t nref;
	char isakmp[IOS_NAME];
	char ikev2[IOS_NAME];
};

/**
 * struct ios_key - a pre-shared key
 * @line: that gave it; NULL: not yet
 * @v2: it is of IKEv2
 * @ring: keyring that it is in, or ""
 * @vrf: of that, or ""
 * @secret: the key
 * @peer: who it is for; empty: anybody, or nobody that has an address
 * @any: it is for anybody
 * @used: a tunnel has this secret
 */
struct ios_key {
	struct import_line *line;
	bool v2;
	char ring[IOS_NAME];
	char vrf[IOS_NAME];
	char secret[IMPORT_SECRET + 1];
	struct nh_prefix peer;
	bool any;
	bool used;
};

/**
 * struct ios - a running-config
 * @in: its lines
 * @index: of the line being read
 * @kind: of the block that it is in
 * @skip: why the lines of IOS_SKIP are not needed
 * @indented: some line of the block has blanks in front
 * @banner: delimiter of the banner that the line is in, or ""
 * @t: tunnel of IOS_TUNNEL
 * @hostname: of the router
 * @major: version, or 0: it is not known
 * @old: it is from before NAT extensions
 * @recent: it has multicast for clients and shortcuts unless it says no
 * @banner_line: that the banner begins in
 * @iface: interfaces
 * @niface: entries in @iface
 * @obj: blocks of "crypto ..."; the last one is that of the current line
 * @nobj: entries in @obj
 * @key: pre-shared keys
 * @nkey: entries in @key
 * @lifetime: of ESP SAs, where a profile has none
 * @idle: likewise
 * @dpd: of IKEv1 and IKEv2, likewise
 */
struct ios {
	struct import *in;
	size_t index;
	enum ios_kind kind;
	const char *skip;
	bool indented;
	char banner[4];
	struct import_tunnel *t;
	char hostname[IOS_NAME];
	unsigned int major;
	bool old;
	bool recent;
	unsigned int banner_line;
	struct ios_iface *iface;
	size_t niface;
	struct ios_obj *obj;
	size_t nobj;
	struct ios_key *key;
	size_t nkey;
	struct import_num lifetime;
	struct import_num idle;
	struct import_num dpd[2];
};

extern const struct import_cmd ios_tunnel_commands[];

/* Tables of the blocks from IOS_ISAKMP_POLICY on. */
extern const struct import_cmd *const ios_crypto_blocks[];

/* Global commands of "crypto". */
extern const struct import_cmd ios_crypto_commands[];

/** ios_replay() - take what follows "replay" of a router's or a profile's SAs */
void ios_replay(struct import_at *at, int n, char **w);

/** ios_df_bit() - take what follows "df-bit" of a router or of an interface */
void ios_df_bit(struct import_at *at, int n, char **w);

/** ios_skip() - lines up to the end of the block are not needed */
void ios_skip(struct ios *ios, const char *why);

/** ios_find() - a block of "crypto ..." by its kind and name, or NULL */
struct ios_obj *ios_find(struct ios *ios, enum ios_kind kind,
			 const char *name);

/** ios_tunnel_end() - the block of a tunnel is over: is it one of DMVPN? */
void ios_tunnel_end(struct ios *ios);

/** ios_source() - find the NBMA address of a tunnel among the interfaces */
void ios_source(struct ios *ios, struct import_tunnel *t);

/** ios_crypto_map() - what goes by the tunnel is encrypted by a crypto map */
void ios_crypto_map(struct import_tunnel *t, struct import_line *line);

/** ios_ipsec() - make the section [IPsec] of what the tunnel's profile names */
void ios_ipsec(struct ios *ios, struct import_tunnel *t);

/** ios_crypto_end() - whatever no tunnel needs is not needed */
void ios_crypto_end(struct ios *ios);

/**
 * ios_secret() - find the pre-shared key of a tunnel
 * @profile: of IKE, or NULL
 * @certs: peers may have certificates, and keys be for others
 *
 * Return: false: there is none.
 */
bool ios_secret(struct ios *ios, struct import_tunnel *t, bool v2,
		const struct ios_obj *profile, bool certs);

/** ios_key_new() - a key that is to be filled in, or NULL */
struct ios_key *ios_key_new(struct ios *ios, const char *ring, bool v2);

/** ios_key_set() - take "[0|6] KEY" of a line, up to its end for IKEv2 */
void ios_key_set(struct import_at *at, struct ios_key *key, int n, char **w);

/** ios_key_peer() - take "ADDRESS [MASK]" or "PREFIX"; false: it is neither */
bool ios_key_peer(struct ios_key *key, int n, char **w);

/** ios_join() - add a word to a list of them with "-" between two */
bool ios_join(char *list, const char *word);

/** ios_dh_group() - strongSwan's word for the number of a group, or NULL */
const char *ios_dh_group(const char *number);

/** ios_integrity() - strongSwan's word for an algorithm, or NULL */
const char *ios_integrity(const char *word);

/** ios_transform() - take the algorithms of a transform set */
void ios_transform(struct import_at *at, struct ios_obj *obj, int n, char **w);

#endif /* CLI_IMPORT_IOS_H */
