/**
 * Boots a host: run in new mount, process, UTS and IPC namespaces, in the host's network namespace and control group.
 * It puts the host's root together and becomes its systemd. Arguments: root, layers, disk, name, mark.
 */
export const BOOT = `
root=$1 layers=$2 disk=$3 name=$4 mark=$5
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$layers,upperdir=$disk/upper,workdir=$disk/work" "$root"
mount -t proc proc "$root/proc"
# Settings of the kernel that are not the network's are the machine's.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=0755,size=4m tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,size=32m tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for n in 0 1 2; do ln -s "/proc/self/fd/$n" "$root/dev/std$(echo in out err | cut -d ' ' -f $((n + 1)))"; done
mount -t tmpfs -o mode=0755,size=64m tmpfs "$root/run"
mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/tmp"
hostname "$name"
cd "$root"
exec env -i container=lab "$mark" PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  chroot "$root" /lib/systemd/systemd --system --log-target=console --log-level=notice --show-status=1
`;
