# Options from a section of a file.
file  mp.ini
	[probe]
	hostname=localhost
	port=@PORT@
	tls=none
	user=probe
	password=hunter2secret
	examine=Archive
	search=UNSEEN
run   check_mail_imap --extra-opts=probe@@DIR@/mp.ini
skip  tls: the file says what TLS there is
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGIN "probe" "hunter2secret"
S     a1 OK [CAPABILITY IMAP4rev1] done
C     a2 EXAMINE "Archive"
S     * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
S     * 3 EXISTS
S     * 0 RECENT
S     * OK [UIDVALIDITY 1385659421] ok
S     * OK [UIDNEXT 120] ok
S     a2 OK [READ-ONLY] done
C     a3 UID SEARCH UNSEEN
S     * SEARCH
S     a3 OK done
C     a4 LOGOUT
S     * BYE bye
S     a4 OK done
exit  0
out   IMAP OK - *
secret hunter2secret
