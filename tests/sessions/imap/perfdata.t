# Which labels there are depends on the options, not on the outcome.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --search=ALL --sizes --quota -w 1 -c 5
S     * BYE no
close
exit  2
out   * | *time=*;1;5;0;10*
out   *time_auth=U*
out   *time_select=U*
out   *time_search=U*
out   *time_sizes=U*
out   *time_quota=U*
out   *messages=U*
out   *matches=U*
out   *size_bytes=U*
out   *quota_used_percent=U*
