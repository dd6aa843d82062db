# shellcheck shell=bash disable=SC2154 # scratch: see lib.sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Questions to the command dmvpn on the nodes of lib.sh, which sources this.

# query NODE ARGS...: REPLY is what the command dmvpn says on a node
query()
{
	local status

	d "$@" >"$scratch/said.$BASHPID"
	status=$?
	read -rd '' REPLY <"$scratch/said.$BASHPID"
	return "$status"
}

# What is asked most is read out of JSON without a process for it; jq needs more
# time to start than all else that is asked about a packet.

# json_object KEY VALUE: of the flat objects in REPLY, the one with that
json_object()
{
	[[ $REPLY =~ \{[^{}]*\"$1\":\ *\""$2"\"[^{}]*\} ]] &&
		REPLY=${BASH_REMATCH[0]}
}

# json_member KEY: the object, list, text or number of that name in REPLY
json_member()
{
	[[ $REPLY =~ \""$1"\":\ *(\{[^{}]*\}|\[[^]]*\]|\"([^\"]*)\"|[^],}[:space:]]+) ]] ||
		return 1
	REPLY=${BASH_REMATCH[1]}
	[[ $REPLY != \"* ]] || REPLY=${BASH_REMATCH[2]}
}

# counter NODE NAME: of dmvpn0, as "dmvpn show stats" names it
counter()
{
	local REPLY

	query "$1" -j show stats dev dmvpn0 && json_member kernel &&
		json_member "$2" && echo "$REPLY"
}

# counter_is NODE NAME VALUE, for busywait and check
counter_is()
{
	local REPLY

	query "$1" -j show stats dev dmvpn0 && json_member kernel &&
		json_member "$2" && [ "$REPLY" = "$3" ] && return
	echo "$2 is $REPLY, not $3"
	return 1
}

# entry NODE PREFIX FIELD: of "dmvpn -j show"; "" without such an entry
entry()
{
	local REPLY

	query "$1" -j show dev dmvpn0 && json_object prefix "$2" || return 0
	json_member "$3" && echo "$REPLY"
}
