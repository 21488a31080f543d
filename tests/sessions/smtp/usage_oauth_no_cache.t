# An endpoint may give another refresh token in the place of the one that it was given.
file  refresh
	1//refresh-token
maybe
run   check_mail_smtp -H localhost -p @PORT@ -U probe --oauth-endpoint=https://localhost/token --oauth-client-id=probe --oauth-refresh-token-file=@DIR@/refresh
eof
exit  3
out   SMTP UNKNOWN - usage: --oauth-refresh-token-file: *--oauth-cache=FILE*
