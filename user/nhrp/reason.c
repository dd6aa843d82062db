// SPDX-License-Identifier: GPL-2.0-or-later
/* Words and error codes for each reason of refusal. */
#include "nhrp/reason.h"

/*
 * NHRP_ERR_NONE where the sender cannot be trusted to be the one that the
 * packet names: the octets are damaged or end early, or it is an indication.
 */
static const struct {
	const char *text;
	enum nhrp_error_code error;
} reasons[NHRP_R_COUNT_] = {
	[NHRP_OK] = { "valid", NHRP_ERR_NONE },
	[NHRP_R_SHORT] = { "shorter than the fixed header", NHRP_ERR_NONE },
	[NHRP_R_PKTSZ_SMALL] = {
		"packet size field below the fixed header", NHRP_ERR_NONE },
	[NHRP_R_PKTSZ] = {
		"packet size field is not the received length", NHRP_ERR_NONE },
	[NHRP_R_CHECKSUM] = { "bad checksum", NHRP_ERR_NONE },
	[NHRP_R_VERSION] = { "unknown version", NHRP_ERR_PROTOCOL },
	[NHRP_R_TYPE] = { "unknown packet type", NHRP_ERR_PROTOCOL },
	[NHRP_R_NBMA_FAMILY] = {
		"unsupported NBMA address family", NHRP_ERR_PROTOCOL },
	[NHRP_R_PROTO_FAMILY] = {
		"unsupported protocol type", NHRP_ERR_PROTOCOL },
	[NHRP_R_TL_RESERVED] = {
		"reserved bit set in a type/length octet", NHRP_ERR_PROTOCOL },
	[NHRP_R_NBMA_LEN] = {
		"NBMA address length is not that of its family",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_PROTO_LEN] = {
		"protocol address length is not that of its family",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_TRUNCATED] = {
		"mandatory part ends within its addresses", NHRP_ERR_PROTOCOL },
	[NHRP_R_EXTOFF] = {
		"extension offset outside the packet's extension part",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_CIE_TRUNCATED] = {
		"client information entry runs over its end",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_CIE_LIMIT] = {
		"too many client information entries", NHRP_ERR_PROTOCOL },
	[NHRP_R_EXT_FORBIDDEN] = {
		"extensions in an Error Indication", NHRP_ERR_NONE },
	[NHRP_R_EXT_TRUNCATED] = {
		"extension runs over the end of the packet",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_EXT_LIMIT] = { "too many extensions", NHRP_ERR_PROTOCOL },
	[NHRP_R_EXT_DUPLICATE] = {
		"extension occurs twice", NHRP_ERR_INVALID_EXT },
	[NHRP_R_EXT_LIST] = {
		"extension is not a list of client information entries",
		NHRP_ERR_INVALID_EXT },
	[NHRP_R_EXT_LIST_LIMIT] = {
		"too many entries in an extension", NHRP_ERR_INVALID_EXT },
	[NHRP_R_EXT_END_VALUE] = {
		"End extension has a value", NHRP_ERR_INVALID_EXT },
	[NHRP_R_EXT_AFTER_END] = {
		"octets behind the End extension", NHRP_ERR_PROTOCOL },
	[NHRP_R_EXT_NO_END] = {
		"End extension is missing", NHRP_ERR_PROTOCOL },
	[NHRP_R_HOPCNT_ZERO] = { "hop count is zero", NHRP_ERR_HOPCNT },
	[NHRP_R_ADDR_MISSING] = {
		"an address that the packet type needs is empty",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_ADDR_MAPPED] = {
		"IPv4-mapped IPv6 address", NHRP_ERR_PROTOCOL },
	[NHRP_R_CIE_MISSING] = {
		"client information entry is missing", NHRP_ERR_PROTOCOL },
	[NHRP_R_CIE_EXCESS] = {
		"more client information entries than the packet type allows",
		NHRP_ERR_PROTOCOL },
	[NHRP_R_PREFIX] = {
		"prefix length wider than the address", NHRP_ERR_PROTOCOL },
	[NHRP_R_EXT_RESPONDER] = {
		"Responder Address extension is not one entry",
		NHRP_ERR_INVALID_EXT },
	[NHRP_R_INNER] = {
		"quoted packet shows no IP addresses", NHRP_ERR_NONE },
	[NHRP_R_AUTH_MISSING] = { "authentication is missing", NHRP_ERR_AUTH },
	[NHRP_R_AUTH_DUPLICATE] = {
		"authentication occurs twice", NHRP_ERR_AUTH },
	[NHRP_R_AUTH_WRONG] = { "authentication differs", NHRP_ERR_AUTH },
	[NHRP_R_HOPCNT_EXCEEDED] = { "hop count exceeded", NHRP_ERR_HOPCNT },
	[NHRP_R_LOOP] = { "packet has been here before", NHRP_ERR_LOOP },
	[NHRP_R_RECORD_FULL] = {
		"no room for another transit record", NHRP_ERR_TOO_BIG },
	[NHRP_R_EXT_UNKNOWN] = {
		"unknown compulsory extension in a reply", NHRP_ERR_NONE },
};

bool nhrp_refuse(struct nhrp_refusal *why, enum nhrp_reason reason,
		 size_t offset)
{
	why->reason = reason;
	why->offset = (uint16_t)offset;
	return false;
}

const char *nhrp_reason_text(enum nhrp_reason reason)
{
	if ((unsigned int)reason >= NHRP_R_COUNT_)
		return "unknown reason";
	return reasons[reason].text;
}

enum nhrp_error_code nhrp_reason_error(enum nhrp_reason reason)
{
	if ((unsigned int)reason >= NHRP_R_COUNT_)
		return NHRP_ERR_NONE;
	return reasons[reason].error;
}
