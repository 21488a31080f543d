# The first mailbox once more, one message fuller: messages is what messages[One] is.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --examine=One --examine=Two --examine=One -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS IDLE QUOTA] logged in
C     a2 EXAMINE "One"
S     * 1 EXISTS
S     a2 OK done
C     a3 EXAMINE "Two"
S     * 5 EXISTS
S     a3 OK done
C     a4 EXAMINE "One"
S     * 2 EXISTS
S     a4 OK done
C     a5 LOGOUT
S     * BYE bye
S     a5 OK done
exit  0
json  values.messages=2
json  values["messages[One]"]=2
