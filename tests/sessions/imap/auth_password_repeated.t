# The server says the password back, plain and in base64; nothing of it may come out.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -vv
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     * NO wrong password hunter2secret
S     * NO you sent {base64 \0probe\0hunter2secret}
S     * OK [ALERT] shifted {base64 xhunter2secret} and {base64 xxhunter2secret}
S     a1 NO which is {base64 hunter2secret} hunter2secret
exit  2
out   IMAP CRITICAL - auth: auth_rejected: *
secret hunter2secret
